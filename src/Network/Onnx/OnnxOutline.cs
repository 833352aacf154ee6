using System.Collections.Immutable;

namespace ILGpuMobileNet.Network.Onnx;

/// <summary>A tensor of an ONNX file whose elements are still there.</summary>
/// <param name="Name">Name of the initializer or of the Constant node's output.</param>
/// <param name="Header">Everything but the elements.</param>
/// <param name="Raw">Elements as bytes; null where they are listed in the message, or in another file.</param>
/// <param name="Start">First byte of the message.</param>
/// <param name="End">Byte after the last.</param>
internal sealed record OutlinedTensor(string Name, OnnxTensor Header, StreamField? Raw, long Start, long End);

/// <summary>Finds the tensors of an ONNX file and what it says about itself, field numbers as in <see cref="OnnxParser"/>.</summary>
/// <param name="wire">The file.</param>
internal sealed class OnnxOutline(WireStream wire)
{
    private readonly ImmutableArray<OutlinedTensor>.Builder _tensors = ImmutableArray.CreateBuilder<OutlinedTensor>();
    private readonly ImmutableDictionary<string, string>.Builder _metadata = ImmutableDictionary.CreateBuilder<
        string,
        string
    >(StringComparer.Ordinal);

    /// <summary>The tensors in the order of the file.</summary>
    public ImmutableArray<OutlinedTensor> Tensors => _tensors.ToImmutable();

    /// <summary>Who wrote the file, and what they added.</summary>
    public ImmutableDictionary<string, string> Metadata => _metadata.ToImmutable();

    /// <summary>Whether there is a graph.</summary>
    public bool HasGraph { get; private set; }

    /// <summary>Reads a <c>ModelProto</c>.</summary>
    /// <param name="length">Bytes of the file.</param>
    public void Read(long length)
    {
        foreach (var field in wire.Fields(0, length))
        {
            switch (field.Number)
            {
                case 2:
                    _metadata["producer_name"] = wire.Text(field);
                    break;
                case 3:
                    _metadata["producer_version"] = wire.Text(field);
                    break;
                case 7:
                    HasGraph = true;
                    Graph(field);
                    break;
                case 14:
                    Property(field);
                    break;
            }
        }
    }

    private void Property(StreamField entry)
    {
        // StringStringEntryProto: key = 1, value = 2.
        var texts = wire.Fields(entry.Content, entry.End).ToDictionary(field => field.Number, wire.Text);
        _metadata[texts.GetValueOrDefault(1, "")] = texts.GetValueOrDefault(2, "");
    }

    private void Graph(StreamField graph)
    {
        foreach (var field in wire.Fields(graph.Content, graph.End))
        {
            if (field.Number == 1)
            {
                Node(field);
            }
            else if (field.Number == 5)
            {
                Tensor(field, null);
            }
        }
    }

    /// <summary>A Constant node, whose tensor is called as its output.</summary>
    private void Node(StreamField node)
    {
        var fields = wire.Fields(node.Content, node.End).ToList();
        if (!fields.Exists(field => field.Number == 4 && wire.Text(field) == "Constant"))
        {
            return;
        }
        var outputs = fields.FindAll(field => field.Number == 2);
        var attributes = fields
            .Where(field => field.Number == 5)
            .SelectMany(field => wire.Fields(field.Content, field.End));
        foreach (var tensor in attributes.Where(field => field.Number == 5).ToList())
        {
            Tensor(tensor, outputs is [var output, ..] ? wire.Text(output) : "");
        }
    }

    private void Tensor(StreamField message, string? name)
    {
        // The elements: float_data = 4, int32_data = 5, string_data = 6, int64_data = 7, raw_data = 9, double_data = 10,
        // uint64_data = 11.
        StreamField? raw = null;
        using var header = new MemoryStream();
        foreach (var field in wire.Fields(message.Content, message.End))
        {
            if (field.Number == 9)
            {
                raw = field;
            }
            else if (field.Number is 1 or 2 or 8 or 13 or 14)
            {
                header.Write(wire.Bytes(field.Start, field.End));
            }
        }
        var tensor = OnnxTensorParser.Tensor(new(header.ToArray(), 0, (int)header.Length));
        _tensors.Add(new(name ?? tensor.Name, tensor, raw, message.Content, message.End));
    }
}
