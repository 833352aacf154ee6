using System.Collections.Immutable;

namespace ILGpuMobileNet.Network.Weights;

/// <summary>What PyTorch's pickles name: tensors as views of storages, which are entries of the archive.</summary>
internal sealed class TorchVocabulary : PickleVocabulary
{
    private const string Remedy = "Save the weights alone, in PyTorch: torch.save(model.state_dict(), 'weights.pth').";

    private static readonly Dictionary<string, ElementType> _storageTypes = new(StringComparer.Ordinal)
    {
        ["torch.FloatStorage"] = ElementType.F32,
        ["torch.HalfStorage"] = ElementType.F16,
        ["torch.BFloat16Storage"] = ElementType.BF16,
        ["torch.DoubleStorage"] = ElementType.F64,
        ["torch.LongStorage"] = ElementType.I64,
        ["torch.IntStorage"] = ElementType.I32,
        ["torch.ByteStorage"] = ElementType.U8,
    };

    private readonly Func<string, ZipEntry?> _storages;

    /// <summary>Makes the vocabulary of one archive.</summary>
    /// <param name="source">Its path.</param>
    /// <param name="storages">The entry of a storage by its key, or null.</param>
    public TorchVocabulary(string source, Func<string, ZipEntry?> storages)
        : base(source, Remedy, key => $"torch.save(torch.load('in.pth', map_location='cpu')['{key}'], 'weights.pth')")
    {
        _storages = storages;
        Know("torch._utils._rebuild_tensor_v2", RebuildTensor);
        Know("torch._utils._rebuild_parameter", RebuildParameter);
        foreach (var name in _storageTypes.Keys)
        {
            Know(name);
        }
    }

    /// <inheritdoc/>
    public override object? LoadPersistent(object? id)
    {
        if (
            id
            is not PickleTuple
            {
                Items: [
                    PickleBytes { Text: "storage" },
                    PickleGlobal { Name: var kind },
                    PickleBytes { Text: { } key },
                    PickleBytes,
                    long count,
                ]
            }
        )
        {
            throw new InvalidDataException("a reference that is no storage");
        }
        if (!_storageTypes.TryGetValue(kind, out var type))
        {
            throw new InvalidDataException($"a storage of kind '{kind}'");
        }
        var entry = _storages(key) ?? throw new InvalidDataException($"storage '{key}', which is not in the archive");
        return count >= 0 && count <= entry.Size / Elements.SizeOf(type)
            ? new Storage(type, entry.Offset, count)
            : throw new InvalidDataException($"storage '{key}' of {count} {type}, which has {entry.Size} bytes");
    }

    private static object? RebuildParameter(PickleTuple arguments) =>
        arguments.Items is [PickleTensor tensor, bool, _]
            ? tensor
            : throw new InvalidDataException("a parameter that is no tensor");

    private static PickleTensor RebuildTensor(PickleTuple arguments)
    {
        if (
            arguments.Items
            is not [Storage storage, long offset, PickleTuple size, PickleTuple stride, bool, _, .. { Length: <= 1 }]
        )
        {
            throw new InvalidDataException("a tensor that is no view of a storage");
        }
        var axes = Integers(size);
        var strides = Integers(stride);
        var text = $"a tensor [{string.Join(", ", axes)}]";
        if (!TensorSize.TryCount(axes.AsSpan(), out var count))
        {
            throw new InvalidDataException($"{text}; axes must be at least 1 and hold fewer than 2^31 elements");
        }
        ImmutableArray<int> shape = [.. axes.Select(axis => (int)axis)];
        var reach = strides.Length == axes.Length ? Strided.Reach(shape, strides) : null;
        if (offset < 0 || offset > storage.ElementCount - reach || reach is null)
        {
            var place = $"strides [{string.Join(", ", strides)}] from element {offset}";
            throw new InvalidDataException($"{text} with {place} of a storage of {storage.ElementCount}");
        }
        var start = storage.Offset + offset * Elements.SizeOf(storage.Type);
        return new()
        {
            Place = new(new("", shape, storage.Type), count, start)
            {
                Strides = Strided.IsRowMajor(shape, strides) ? default : strides,
            },
        };
    }

    private static ImmutableArray<long> Integers(PickleTuple tuple) =>
        tuple.Items.Length <= TensorSize.MaxRank && Array.TrueForAll(tuple.Items, item => item is long)
            ? [.. tuple.Items.Cast<long>()]
            : throw new InvalidDataException($"sizes that are not at most {TensorSize.MaxRank} whole numbers");

    /// <summary>An entry of the archive as elements.</summary>
    private sealed record Storage(ElementType Type, long Offset, long ElementCount);
}
