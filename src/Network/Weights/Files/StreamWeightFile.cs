using System.Collections.Immutable;

namespace ILGpuMobileNet.Network.Weights;

/// <summary>A weight file whose tensors lie as they are in one stream; every format that has places for them.</summary>
internal sealed class StreamWeightFile : WeightFile
{
    private readonly Stream _stream;
    private readonly Lock _turn = new();
    private readonly Dictionary<string, TensorPlace> _places = new(StringComparer.Ordinal);

    /// <summary>Takes over a stream.</summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="format">Its format.</param>
    /// <param name="stream">The file, closed with this object.</param>
    /// <param name="places">Its tensors, in the order of the file.</param>
    /// <param name="metadata">What it says about itself.</param>
    /// <exception cref="ModelFormatException">Two tensors have one name, a name is too long, or they are too many.</exception>
    public StreamWeightFile(
        string path,
        WeightFormat format,
        Stream stream,
        IReadOnlyCollection<TensorPlace> places,
        ImmutableDictionary<string, string> metadata
    )
        : base(path, format)
    {
        ListLimits.CheckCount(path, "tensors", places.Count);
        _stream = stream;
        Metadata = metadata;
        Tensors = [.. places.Select(place => place.Tensor)];
        foreach (var place in places)
        {
            ListLimits.CheckName(path, place.Tensor.Name);
            if (!_places.TryAdd(place.Tensor.Name, place))
            {
                var fault = $"names tensor '{place.Tensor.Name}' twice.";
                throw new ModelFormatException(path, fault, "The file is damaged; write it again.");
            }
        }
    }

    /// <inheritdoc/>
    public override ImmutableArray<StoredTensor> Tensors { get; }

    /// <inheritdoc/>
    public override ImmutableDictionary<string, string> Metadata { get; }

    private protected override Tensor ReadTensor(string name, CancellationToken cancellationToken)
    {
        var place = _places.TryGetValue(name, out var found)
            ? found
            : throw new KeyNotFoundException($"{Path} has no tensor '{name}'.");
        CheckElements(place.Tensor);
        lock (_turn)
        {
            return place.Strides.IsDefault
                ? new(place.Tensor.Shape, ReadElements(place, place.ElementCount, cancellationToken))
                : ReadStrided(place, cancellationToken);
        }
    }

    private Tensor ReadStrided(TensorPlace place, CancellationToken cancellationToken)
    {
        var (shape, strides) = (place.Tensor.Shape, place.Strides);
        var source = ReadElements(place, Strided.Reach(shape, strides)!.Value, cancellationToken);
        return Strided.Gather(source, shape, strides);
    }

    private float[] ReadElements(TensorPlace place, int count, CancellationToken cancellationToken)
    {
        var data = GC.AllocateUninitializedArray<float>(count);
        _stream.Position = place.Offset;
        var content = place.Form == ByteForm.Plain ? _stream : Decode(place, cancellationToken);
        Elements.Read(content, place.Tensor.Type, data, cancellationToken);
        return data;
    }

    private MemoryStream Decode(TensorPlace place, CancellationToken cancellationToken)
    {
        var encoded = new byte[place.EncodedSize];
        ModelFile.Fill(_stream, encoded, cancellationToken);
        var bytes = new byte[Elements.SizeInBytes(place.Tensor.Type, place.ElementCount)];
        return EncodedBytes.TryDecode(encoded, place.Form, bytes, out var count) && count == bytes.Length
            ? new(bytes)
            : throw new ModelFormatException(
                Path,
                $"tensor '{place.Tensor.Name}' needs {bytes.Length} bytes, but its text is not of as many characters.",
                "The file is damaged; get it again."
            );
    }

    private protected override void Close() => _stream.Dispose();
}
