using System.Collections.Immutable;
using System.Runtime.InteropServices;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Network.TensorFlow;

/// <summary>The weights that a <c>model.json</c> lists: checked against the shards' sizes first, read when asked for.</summary>
internal sealed class TfjsWeights
{
    private readonly string _source;
    private readonly Dictionary<string, TfjsTensor> _byName = new(StringComparer.Ordinal);
    private readonly List<TfjsShards> _groups = [];

    /// <summary>Reads the manifest.</summary>
    /// <param name="document">The file.</param>
    /// <exception cref="ModelFormatException">
    /// A name is there twice, a tensor is not one, a shard is missing, or a group's shards have too many or too few bytes.
    /// </exception>
    public TfjsWeights(TfjsDocument document)
    {
        _source = document.Path;
        ListLimits.CheckCount(_source, "tensors", document.Groups.Sum(group => (long)group.Count("weights")));
        ListLimits.CheckCount(_source, "shards", document.Groups.Sum(group => (long)group.Count("paths")));
        var files = new Dictionary<string, FileInfo>(StringComparer.Ordinal);
        var tensors = ImmutableArray.CreateBuilder<TfjsTensor>();
        foreach (var group in document.Groups)
        {
            tensors.AddRange(ReadGroup(group, files));
        }
        Tensors = tensors.ToImmutable();
    }

    /// <summary>The tensors in the order of the manifest.</summary>
    public ImmutableArray<TfjsTensor> Tensors { get; }

    /// <summary>A tensor, or null.</summary>
    /// <param name="name">Its name.</param>
    public TfjsTensor? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Reads a tensor's floats.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="cancellationToken">Ends the reading early.</param>
    /// <exception cref="ModelFormatException">Its elements are whole numbers.</exception>
    public float[] ReadFloats(TfjsTensor tensor, CancellationToken cancellationToken)
    {
        CheckFloats(tensor);
        var floats = new float[tensor.ElementCount];
        if (tensor.Quantization is not { } packed)
        {
            _groups[tensor.Group].Read(tensor.Offset, MemoryMarshal.AsBytes(floats.AsSpan()), cancellationToken);
            return floats;
        }
        packed.Decode(ReadBytes(tensor, cancellationToken), floats);
        return floats;
    }

    /// <summary>Checks that a tensor's elements are no whole numbers.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <exception cref="ModelFormatException">They are.</exception>
    public void CheckFloats(TfjsTensor tensor)
    {
        if (!tensor.IsFloat)
        {
            throw new ModelFormatException(
                _source,
                $"tensor '{tensor.Stored.Name}' holds whole numbers, expected weights as float32.",
                "Convert a model that was trained in float32."
            );
        }
    }

    /// <summary>Reads a tensor's bytes.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="cancellationToken">Ends the reading early.</param>
    public byte[] ReadBytes(TfjsTensor tensor, CancellationToken cancellationToken)
    {
        var bytes = new byte[tensor.SizeInBytes];
        _groups[tensor.Group].Read(tensor.Offset, bytes, cancellationToken);
        return bytes;
    }

    private List<TfjsTensor> ReadGroup(TfjsObject group, Dictionary<string, FileInfo> files)
    {
        var shards = new TfjsShards(group, files);
        var tensors = new List<TfjsTensor>();
        var end = 0L;
        foreach (var entry in group.Objects("weights"))
        {
            if (TfjsTensor.Read(entry, _groups.Count, end) is not { } tensor)
            {
                continue;
            }
            ListLimits.CheckName(_source, tensor.Stored.Name);
            if (!_byName.TryAdd(tensor.Stored.Name, tensor))
            {
                throw group.Fault($"has a second tensor '{tensor.Stored.Name}'.");
            }
            tensors.Add(tensor);
            end += tensor.SizeInBytes;
        }
        if (end != shards.SizeInBytes)
        {
            throw new ModelFormatException(
                _source,
                $"the shards of {group.What} have {shards.SizeInBytes} bytes, its tensors need {end}.",
                "A shard is cut off, or of another model; get all files of the model again."
            );
        }
        _groups.Add(shards);
        return tensors;
    }
}
