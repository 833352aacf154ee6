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
                    initializers.Add(OnnxTensorParser.Tensor(field.Bytes));
                    break;
                case 11:
                    inputs.Add(OnnxTensorParser.ValueInfo(field.Bytes));
                    break;
                case 12:
                    outputs.Add(OnnxTensorParser.ValueInfo(field.Bytes));
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
            5 => attribute with { Tensor = OnnxTensorParser.Tensor(field.Bytes) },
            _ => attribute,
        };
}
