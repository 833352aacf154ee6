using System.Collections.Immutable;
using Google.Protobuf;

namespace ILGpuMobileNet.Network.Onnx;

/// <summary>
/// Decodes the messages of ONNX's schema (onnx.proto, field numbers beside the cases) as far as an import needs
/// them. The depth is fixed by the schema: subgraphs in attributes are not entered.
/// </summary>
internal static class OnnxParser
{
    /// <summary>Decodes a <c>ModelProto</c>.</summary>
    /// <param name="model">The encoded message.</param>
    /// <returns>The graph, or null where the message has none.</returns>
    /// <exception cref="InvalidProtocolBufferException">The bytes are not a message of the schema.</exception>
    public static OnnxGraph? Model(WireMessage model)
    {
        WireMessage? graph = null;
        var opset = 0L;
        foreach (var field in model.Fields())
        {
            switch (field.Number)
            {
                case 7:
                    graph = field.Bytes;
                    break;
                case 8 when DefaultOpset(field.Bytes) is { } version:
                    opset = version;
                    break;
            }
        }
        return graph is { } message ? Graph(message, opset) : null;
    }

    /// <summary>True for the operator set of ONNX itself.</summary>
    /// <param name="domain">Its name in a file.</param>
    public static bool IsDefaultDomain(string domain) => domain is "" or "ai.onnx";

    private static long? DefaultOpset(WireMessage message)
    {
        var domain = "";
        var version = 0L;
        foreach (var field in message.Fields())
        {
            switch (field.Number)
            {
                case 1:
                    domain = field.Text;
                    break;
                case 2:
                    version = field.Int64;
                    break;
            }
        }
        return IsDefaultDomain(domain) ? version : null;
    }

    private static OnnxGraph Graph(WireMessage message, long opset)
    {
        var nodes = ImmutableArray.CreateBuilder<OnnxNode>();
        var initializers = ImmutableArray.CreateBuilder<OnnxTensor>();
        var inputs = ImmutableArray.CreateBuilder<OnnxValueInfo>();
        var outputs = ImmutableArray.CreateBuilder<OnnxValueInfo>();
        foreach (var field in message.Fields())
        {
            switch (field.Number)
            {
                case 1:
                    nodes.Add(Node(field.Bytes));
                    break;
                case 5:
                    initializers.Add(Tensor(field.Bytes));
                    break;
                case 11:
                    inputs.Add(ValueInfo(field.Bytes));
                    break;
                case 12:
                    outputs.Add(ValueInfo(field.Bytes));
                    break;
            }
        }
        return new(opset, nodes.ToImmutable(), initializers.ToImmutable(), inputs.ToImmutable(), outputs.ToImmutable());
    }

    private static OnnxNode Node(WireMessage message)
    {
        var (name, operation, domain) = ("", "", "");
        var inputs = ImmutableArray.CreateBuilder<string>();
        var outputs = ImmutableArray.CreateBuilder<string>();
        var attributes = ImmutableDictionary.CreateBuilder<string, OnnxAttribute>(StringComparer.Ordinal);
        foreach (var field in message.Fields())
        {
            switch (field.Number)
            {
                case 1:
                    inputs.Add(field.Text);
                    break;
                case 2:
                    outputs.Add(field.Text);
                    break;
                case 3:
                    name = field.Text;
                    break;
                case 4:
                    operation = field.Text;
                    break;
                case 5:
                    var attribute = Attribute(field.Bytes);
                    attributes[attribute.Name] = attribute;
                    break;
                case 7:
                    domain = field.Text;
                    break;
            }
        }
        return new(name, operation, domain, inputs.ToImmutable(), outputs.ToImmutable(), attributes.ToImmutable());
    }

    private static OnnxAttribute Attribute(WireMessage message)
    {
        var attribute = new OnnxAttribute("", 0, 0, "", null, [], []);
        var singles = ImmutableArray.CreateBuilder<float>();
        var int64s = ImmutableArray.CreateBuilder<long>();
        foreach (var field in message.Fields())
        {
            switch (field.Number)
            {
                case 7:
                    singles.AddRange(field.SingleElements());
                    break;
                case 8:
                    int64s.AddRange(field.Int64Elements());
                    break;
                default:
                    attribute = With(attribute, field);
                    break;
            }
        }
        return attribute with { Singles = singles.ToImmutable(), Int64s = int64s.ToImmutable() };
    }

    private static OnnxAttribute With(OnnxAttribute attribute, WireField field) =>
        field.Number switch
        {
            1 => attribute with { Name = field.Text },
            2 => attribute with { Single = field.Single },
            3 => attribute with { Int64 = field.Int64 },
            4 => attribute with { Text = field.Text },
            5 => attribute with { Tensor = Tensor(field.Bytes) },
            _ => attribute,
        };

    private static OnnxTensor Tensor(WireMessage message)
    {
        var tensor = new OnnxTensor("", [], OnnxDataType.Undefined, null, message, IsExternal: false);
        var dims = ImmutableArray.CreateBuilder<long>();
        foreach (var field in message.Fields())
        {
            switch (field.Number)
            {
                case 1:
                    dims.AddRange(field.Int64Elements());
                    break;
                case 2:
                    tensor = tensor with { Type = (OnnxDataType)field.Int64 };
                    break;
                case 8:
                    tensor = tensor with { Name = field.Text };
                    break;
                case 9:
                    tensor = tensor with { RawData = field.Bytes };
                    break;
                case 14:
                    tensor = tensor with { IsExternal = field.Int64 == 1 };
                    break;
            }
        }
        return tensor with { Dims = dims.ToImmutable() };
    }

    private static OnnxValueInfo ValueInfo(WireMessage message)
    {
        var info = new OnnxValueInfo("", OnnxDataType.Undefined, default);
        foreach (var field in message.Fields())
        {
            info = field.Number switch
            {
                1 => info with { Name = field.Text },
                2 => TensorType(info, field.Bytes),
                _ => info,
            };
        }
        return info;
    }

    private static OnnxValueInfo TensorType(OnnxValueInfo info, WireMessage type)
    {
        // TypeProto.tensor_type = 1; TypeProto.Tensor: elem_type = 1, shape = 2; TensorShapeProto.dim = 1.
        foreach (var field in type.Fields().Where(field => field.Number == 1).SelectMany(field => field.Bytes.Fields()))
        {
            info = field.Number switch
            {
                1 => info with { Type = (OnnxDataType)field.Int64 },
                2 => info with { Dims = [.. field.Bytes.Fields().Where(dim => dim.Number == 1).Select(Dimension)] },
                _ => info,
            };
        }
        return info;
    }

    private static long? Dimension(WireField dimension)
    {
        // Dimension.dim_value = 1; a dim_param (2) or nothing at all is symbolic.
        long? size = null;
        foreach (var field in dimension.Bytes.Fields().Where(field => field.Number == 1))
        {
            size = field.Int64;
        }
        return size;
    }
}
