using System.Collections.Immutable;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Graph;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Network.Onnx;

/// <summary>A node being imported: its inputs and attributes, checked as they are read, and its errors.</summary>
/// <param name="importer">The import it belongs to.</param>
/// <param name="node">The node.</param>
internal sealed class OnnxOperation(OnnxImporter importer, OnnxNode node)
{
    /// <summary>Largest kernel, stride, dilation or padding.</summary>
    private const int MaxExtent = 1 << 16;

    /// <summary>The import it belongs to.</summary>
    public OnnxImporter Importer => importer;

    /// <summary>Where its layer is appended.</summary>
    public GraphBuilder Builder => importer.Builder;

    /// <summary>Operator type.</summary>
    public string Operator => node.Operator;

    /// <summary>Inputs, omitted ones at the end or between included.</summary>
    public int InputCount => node.Inputs.Length;

    /// <summary>Outputs, whether something reads them or not.</summary>
    public int OutputCount => node.Outputs.Length;

    /// <summary>Name of its first output.</summary>
    public string OutputName => node.Outputs[0];

    /// <summary>A node as errors call it.</summary>
    /// <param name="node">The node.</param>
    public static string Describe(OnnxNode node)
    {
        var name = node.Name.Length > 0 ? node.Name : node.Outputs.FirstOrDefault("");
        return $"'{name}' ({node.SourceOperator ?? node.Operator})";
    }

    /// <summary>A new, unique layer name.</summary>
    public string LayerName() => importer.LayerName(node);

    /// <summary>Whether an optional input is there.</summary>
    /// <param name="index">Its position.</param>
    public bool HasInput(int index) => index < node.Inputs.Length && node.Inputs[index].Length > 0;

    /// <summary>Whether something reads an output; those that nothing reads need not be computed.</summary>
    /// <param name="index">Its position.</param>
    public bool IsRead(int index) => importer.IsRead(node.Outputs[index]);

    /// <summary>Says what an output besides the first stands for.</summary>
    /// <param name="index">Its position, from 1.</param>
    /// <param name="operand">What it stands for.</param>
    public void Define(int index, Operand operand) => importer.Define(node.Outputs[index], operand);

    /// <summary>Whether nothing but this node reads one of its inputs.</summary>
    /// <param name="index">The input's position.</param>
    public bool IsOnlyReaderOf(int index) => importer.HasOneReader(node.Inputs[index]);

    /// <summary>An input, whatever it is.</summary>
    /// <param name="index">Its position.</param>
    public Operand Operand(int index) =>
        HasInput(index) ? importer.Resolve(node.Inputs[index]) : throw Fault($"has no input {index}, which it needs.");

    /// <summary>An input that is computed; what was deferred becomes a layer now.</summary>
    /// <param name="index">Its position.</param>
    public Feature Feature(int index) =>
        Operand(index) switch
        {
            Feature feature => feature,
            Deferred deferred => importer.Emit(node.Inputs[index], deferred),
            _ => throw Unsupported(
                $"reads the constant '{node.Inputs[index]}' as input {index}",
                "Export with constant folding; that input has to be computed."
            ),
        };

    /// <summary>An input that is a constant or computed; what was deferred becomes a layer now.</summary>
    /// <param name="index">Its position.</param>
    public Operand Settled(int index) => Operand(index) is Constant constant ? constant : Feature(index);

    /// <summary>An input that is a computed image batch <c>[N, C, H, W]</c>.</summary>
    /// <param name="index">Its position.</param>
    public Feature Image(int index) =>
        Feature(index) is { IsNchw: true } feature
            ? feature
            : throw Fault($"reads a tensor {Feature(index).DimsText()}, expected [N, C, H, W].");

    /// <summary>An input that is a float tensor of the file.</summary>
    /// <param name="index">Its position.</param>
    public Constant Weight(int index) =>
        Operand(index) switch
        {
            Constant { Floats: not null } constant => constant,
            Constant => throw Fault(
                $"reads '{node.Inputs[index]}' as input {index}, expected a Float tensor of the file."
            ),
            _ => throw Unsupported(
                $"reads the computed value '{node.Inputs[index]}' as input {index}",
                "That input has to be a Float tensor of the file."
            ),
        };

    /// <summary>A float tensor of the file with a fixed shape, as a parameter of the layer.</summary>
    /// <param name="index">Its position.</param>
    /// <param name="shape">The expected axes.</param>
    public Parameter Parameter(int index, ImmutableArray<int> shape)
    {
        var weight = Weight(index);
        return weight.Dims.SequenceEqual(shape)
            ? importer.Weights.Use(weight, shape)
            : throw Fault($"reads '{weight.Name}' {weight.DimsText}, expected [{string.Join(", ", shape)}].");
    }

    /// <summary>An input that is a list of whole numbers of the file.</summary>
    /// <param name="index">Its position.</param>
    public long[] Integers(int index) =>
        Operand(index) is Constant { Integers: { } integers }
            ? integers
            : throw Fault($"needs constant integers as input {index}, got what is computed or not an integer.");

    /// <summary>Whether an attribute is there.</summary>
    /// <param name="attribute">Its name.</param>
    public bool HasAttribute(string attribute) => node.Attributes.ContainsKey(attribute);

    /// <summary>A whole number.</summary>
    /// <param name="attribute">Its name.</param>
    /// <param name="absent">The value of an absent one.</param>
    public long Integer(string attribute, long absent) =>
        node.Attributes.TryGetValue(attribute, out var found) ? found.Int64 : absent;

    /// <summary>A number.</summary>
    /// <param name="attribute">Its name.</param>
    /// <param name="absent">The value of an absent one.</param>
    public float Single(string attribute, float absent) =>
        node.Attributes.TryGetValue(attribute, out var found) ? found.Single : absent;

    /// <summary>A text.</summary>
    /// <param name="attribute">Its name.</param>
    /// <param name="absent">The value of an absent one.</param>
    public string Text(string attribute, string absent) =>
        node.Attributes.TryGetValue(attribute, out var found) ? found.Text : absent;

    /// <summary>A list of whole numbers, empty for an absent one.</summary>
    /// <param name="attribute">Its name.</param>
    public ImmutableArray<long> Integers(string attribute) =>
        node.Attributes.TryGetValue(attribute, out var found) ? found.Int64s : [];

    /// <summary>The attribute itself, or null.</summary>
    /// <param name="attribute">Its name.</param>
    public OnnxAttribute? Attribute(string attribute) => node.Attributes.GetValueOrDefault(attribute);

    /// <summary>A height and a width, each at least 1; 1x1 for an absent attribute.</summary>
    /// <param name="attribute">Its name.</param>
    public Extent Extent(string attribute) =>
        Integers(attribute) switch
        {
            [] => Kernels.Extent.Square(1),
            [>= 1 and <= MaxExtent and var height, >= 1 and <= MaxExtent and var width] => new((int)height, (int)width),
            var other => throw Fault(
                $"has {attribute} [{string.Join(", ", other)}], expected a height and a width of 1 to {MaxExtent}."
            ),
        };

    /// <summary>An axis, negative ones counted from the end.</summary>
    /// <param name="axis">The axis as the file has it.</param>
    /// <param name="rank">Axes of the tensor.</param>
    public int CheckedAxis(long axis, int rank) =>
        axis >= -rank && axis < rank
            ? (int)(axis < 0 ? axis + rank : axis)
            : throw Fault($"has axis {axis} for a tensor with {rank} axes.");

    /// <summary>A fault of the file at this node.</summary>
    /// <param name="fault">What was got and what was expected.</param>
    public ModelFormatException Fault(string fault) =>
        new(importer.Source, $"node {Describe(node)} {fault}", importer.DamagedRemedy);

    /// <summary>A form of the operator that is not supported.</summary>
    /// <param name="fault">What it asks for.</param>
    /// <param name="remedy">What would do.</param>
    public ModelFormatException Unsupported(string fault, string remedy) =>
        new(importer.Source, $"node {Describe(node)} {fault}, which is not supported.", remedy);
}
