using System.Collections.Immutable;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Network.Onnx;

/// <summary>Element types of ONNX's <c>TensorProto.DataType</c> that are told apart.</summary>
internal enum OnnxDataType
{
    Undefined = 0,
    Float = 1,
    UInt8 = 2,
    Int8 = 3,
    UInt16 = 4,
    Int16 = 5,
    Int32 = 6,
    Int64 = 7,
    String = 8,
    Bool = 9,
    Float16 = 10,
    Double = 11,
    BFloat16 = 16,
}

/// <summary>ONNX's element types as weight files name them.</summary>
internal static class OnnxDataTypes
{
    /// <summary>The type's name in weight files, or null where they have none.</summary>
    /// <param name="type">The type.</param>
    public static ElementType? ToElementType(this OnnxDataType type) =>
        type switch
        {
            OnnxDataType.Float => ElementType.F32,
            OnnxDataType.Float16 => ElementType.F16,
            OnnxDataType.BFloat16 => ElementType.BF16,
            OnnxDataType.Double => ElementType.F64,
            OnnxDataType.UInt8 => ElementType.U8,
            OnnxDataType.UInt16 => ElementType.U16,
            OnnxDataType.Int32 => ElementType.I32,
            OnnxDataType.Int64 => ElementType.I64,
            _ => null,
        };
}

/// <summary>The fields of <c>GraphProto</c> that an import needs, and the opset it was written for.</summary>
/// <param name="Opset">Version of the default operator set, 0 where the file names none.</param>
/// <param name="Nodes">Operators in file order.</param>
/// <param name="Initializers">Weights by name.</param>
/// <param name="Inputs">Inputs, which in old files include the initializers.</param>
/// <param name="Outputs">Outputs.</param>
internal sealed record OnnxGraph(
    long Opset,
    ImmutableArray<OnnxNode> Nodes,
    ImmutableArray<OnnxTensor> Initializers,
    ImmutableArray<OnnxValueInfo> Inputs,
    ImmutableArray<OnnxValueInfo> Outputs
)
{
    /// <summary>What a user can do about a graph that contradicts itself.</summary>
    public string DamagedRemedy { get; init; } = "The file is damaged; check it with onnx.checker and export it again.";

    /// <summary>What the file calls the outputs, where a graph of another format is written down.</summary>
    public ImmutableArray<string> OutputNames { get; init; } = [.. Outputs.Select(output => output.Name)];

    /// <summary>Initializers and the tensors of Constant nodes, which are called as their outputs.</summary>
    public IEnumerable<(string Name, OnnxTensor Tensor)> Tensors =>
        Initializers
            .Select(tensor => (tensor.Name, tensor))
            .Concat(
                Nodes.SelectMany(node => node.ConstantTensor is { } tensor ? new[] { (node.Outputs[0], tensor) } : [])
            );
}

/// <summary>The fields of <c>NodeProto</c>.</summary>
/// <param name="Name">Name, may be empty.</param>
/// <param name="Operator">Operator type.</param>
/// <param name="Domain">Operator set, empty for ONNX's own.</param>
/// <param name="Inputs">Names of values read; an empty name is an omitted optional input.</param>
/// <param name="Outputs">Names of values produced.</param>
/// <param name="Attributes">Attributes by name.</param>
internal sealed record OnnxNode(
    string Name,
    string Operator,
    string Domain,
    ImmutableArray<string> Inputs,
    ImmutableArray<string> Outputs,
    ImmutableDictionary<string, OnnxAttribute> Attributes
)
{
    /// <summary>What the file calls the operator where it is not of ONNX; null otherwise.</summary>
    public string? SourceOperator { get; init; }

    /// <summary>The tensor of a Constant node, or null.</summary>
    public OnnxTensor? ConstantTensor =>
        this is { Operator: "Constant", Outputs.Length: 1 } && Attributes.TryGetValue("value", out var attribute)
            ? attribute.Tensor
            : null;
}

/// <summary>The fields of <c>AttributeProto</c>; those that are absent are 0 or empty.</summary>
internal sealed record OnnxAttribute(
    string Name,
    float Single,
    long Int64,
    string Text,
    OnnxTensor? Tensor,
    ImmutableArray<float> Singles,
    ImmutableArray<long> Int64s
);

/// <summary>The fields of <c>TensorProto</c>, elements still in the file.</summary>
/// <param name="Name">Name of an initializer; empty in a Constant node's attribute.</param>
/// <param name="Dims">Axes.</param>
/// <param name="Type">Element type.</param>
/// <param name="Elements">Where the elements are in the file itself.</param>
/// <param name="External">Where the elements are when they are in another file, or null.</param>
internal sealed record OnnxTensor(
    string Name,
    ImmutableArray<long> Dims,
    OnnxDataType Type,
    OnnxElements Elements,
    OnnxExternalPlace? External
);

/// <summary>The entries of <c>external_data</c> as the file has them; those that are absent are null.</summary>
/// <param name="Location">Path of the other file, relative to the folder of the ONNX file.</param>
/// <param name="Offset">First byte, a number; the start of the file where absent.</param>
/// <param name="Length">Bytes, a number; what the elements need where absent.</param>
internal sealed record OnnxExternalPlace(string? Location = null, string? Offset = null, string? Length = null);

/// <summary>The fields of <c>ValueInfoProto</c> with a tensor type.</summary>
/// <param name="Name">Name of the value.</param>
/// <param name="Type">Element type.</param>
/// <param name="Dims">Axes, null where symbolic; a default array where the file gives no shape.</param>
internal sealed record OnnxValueInfo(string Name, OnnxDataType Type, ImmutableArray<long?> Dims);
