using System.Collections.Immutable;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Network.Onnx;

/// <summary>
/// Decodes the messages of ONNX's schema (onnx.proto, field numbers beside the cases) as far as an import needs
/// them. Elements of tensors stay where they are. The depth is fixed by the schema: subgraphs in attributes are not
/// entered.
/// </summary>
/// <param name="stream">The file.</param>
/// <param name="cancellationToken">Ends the reading early.</param>
internal sealed class OnnxParser(Stream stream, CancellationToken cancellationToken)
{
    private readonly WireStream _wire = new(stream);

    /// <summary>Decodes a <c>ModelProto</c>.</summary>
    /// <exception cref="InvalidDataException">It is none, or holds no graph.</exception>
    public OnnxDocument Model()
    {
        StreamField? graph = null;
        var opset = 0L;
        var metadata = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var field in _wire.Fields(0, stream.Length))
        {
            switch (field.Number)
            {
                case 2:
                    metadata["producer_name"] = _wire.Text(field);
                    break;
                case 3:
                    metadata["producer_version"] = _wire.Text(field);
                    break;
                case 7:
                    graph = field;
                    break;
                case 8 when DefaultOpset(field) is { } version:
                    opset = version;
                    break;
                case 14:
                    var (key, value) = Property(field);
                    metadata[key] = value;
                    break;
            }
        }
        return graph is { } message
            ? new(Graph(message, opset), metadata.ToImmutable())
            : throw new InvalidDataException("it holds no graph.");
    }

    /// <summary>True for the operator set of ONNX itself.</summary>
    /// <param name="domain">Domain of a node or of an operator set.</param>
    public static bool IsDefaultDomain(string domain) => domain is "" or "ai.onnx";

    private (string Key, string Value) Property(StreamField entry)
    {
        // StringStringEntryProto: key = 1, value = 2.
        var (key, value) = ("", "");
        foreach (var field in _wire.Fields(entry))
        {
            (key, value) = field.Number switch
            {
                1 => (_wire.Text(field), value),
                2 => (key, _wire.Text(field)),
                _ => (key, value),
            };
        }
        return (key, value);
    }

    private long? DefaultOpset(StreamField message)
    {
        var domain = "";
        var version = 0L;
        foreach (var field in _wire.Fields(message))
        {
            switch (field.Number)
            {
                case 1:
                    domain = _wire.Text(field);
                    break;
                case 2:
                    version = _wire.Load(field).Int64;
                    break;
            }
        }
        return IsDefaultDomain(domain) ? version : null;
    }

    private OnnxGraph Graph(StreamField message, long opset)
    {
        var nodes = ImmutableArray.CreateBuilder<OnnxNode>();
        var initializers = ImmutableArray.CreateBuilder<OnnxTensor>();
        var inputs = ImmutableArray.CreateBuilder<OnnxValueInfo>();
        var outputs = ImmutableArray.CreateBuilder<OnnxValueInfo>();
        foreach (var field in _wire.Fields(message))
        {
            cancellationToken.ThrowIfCancellationRequested();
            switch (field.Number)
            {
                case 1:
                    CheckCount("nodes", nodes.Count);
                    nodes.Add(Node(field));
                    break;
                case 5:
                    CheckCount("tensors", initializers.Count);
                    initializers.Add(Tensor(field));
                    break;
                case 11:
                    inputs.Add(OnnxTensorParser.ValueInfo(_wire.Load(field).Bytes));
                    break;
                case 12:
                    outputs.Add(OnnxTensorParser.ValueInfo(_wire.Load(field).Bytes));
                    break;
            }
        }
        return new(opset, nodes.ToImmutable(), initializers.ToImmutable(), inputs.ToImmutable(), outputs.ToImmutable());
    }

    private static void CheckCount(string what, int countBefore)
    {
        if (countBefore == ListLimits.MostListed)
        {
            throw new InvalidDataException($"It lists more than {ListLimits.MostListed} {what}.");
        }
    }

    private OnnxNode Node(StreamField message)
    {
        var (name, operation, domain) = ("", "", "");
        var inputs = ImmutableArray.CreateBuilder<string>();
        var outputs = ImmutableArray.CreateBuilder<string>();
        var attributes = ImmutableDictionary.CreateBuilder<string, OnnxAttribute>(StringComparer.Ordinal);
        foreach (var field in _wire.Fields(message))
        {
            switch (field.Number)
            {
                case 1:
                    inputs.Add(_wire.Text(field));
                    break;
                case 2:
                    outputs.Add(_wire.Text(field));
                    break;
                case 3:
                    name = _wire.Text(field);
                    break;
                case 4:
                    operation = _wire.Text(field);
                    break;
                case 5:
                    var attribute = Attribute(field);
                    attributes[attribute.Name] = attribute;
                    break;
                case 7:
                    domain = _wire.Text(field);
                    break;
            }
        }
        return new(name, operation, domain, inputs.ToImmutable(), outputs.ToImmutable(), attributes.ToImmutable());
    }

    private OnnxAttribute Attribute(StreamField message)
    {
        var attribute = new OnnxAttribute("", 0, 0, "", null, [], []);
        var singles = ImmutableArray.CreateBuilder<float>();
        var int64s = ImmutableArray.CreateBuilder<long>();
        foreach (var field in _wire.Fields(message))
        {
            switch (field.Number)
            {
                case 7:
                    singles.AddRange(_wire.Load(field).SingleElements());
                    break;
                case 8:
                    int64s.AddRange(_wire.Load(field).Int64Elements());
                    break;
                default:
                    attribute = With(attribute, field);
                    break;
            }
        }
        return attribute with { Singles = singles.ToImmutable(), Int64s = int64s.ToImmutable() };
    }

    private OnnxAttribute With(OnnxAttribute attribute, StreamField field) =>
        field.Number switch
        {
            1 => attribute with { Name = _wire.Text(field) },
            2 => attribute with { Single = _wire.Load(field).Single },
            3 => attribute with { Int64 = _wire.Load(field).Int64 },
            4 => attribute with { Text = _wire.Text(field) },
            5 => attribute with { Tensor = Tensor(field) },
            _ => attribute,
        };

    private OnnxTensor Tensor(StreamField message)
    {
        // The elements: float_data = 4, int32_data = 5, string_data = 6, int64_data = 7, raw_data = 9, double_data = 10,
        // uint64_data = 11.
        var elements = new StreamElements(stream, message.Content, message.Length, AreRaw: false);
        using var header = new MemoryStream();
        foreach (var field in _wire.Fields(message))
        {
            if (field.Number == 9)
            {
                elements = new(stream, field.Content, field.Length, AreRaw: true);
            }
            else if (field.Number is 1 or 2 or 8 or 13 or 14)
            {
                header.Write(_wire.Bytes(field.Start, field.End));
            }
        }
        return OnnxTensorParser.Tensor(new(header.GetBuffer(), 0, (int)header.Length), elements);
    }
}
