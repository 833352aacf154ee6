using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Network.Onnx;

/// <summary>The encoded elements of a tensor, still to be read.</summary>
/// <param name="Length">Bytes; of packed elements as many as they have once they are unpacked.</param>
/// <param name="AreRaw">
/// True for elements one after the other, little-endian; false for an encoded tensor that lists them in its fields.
/// </param>
internal abstract record OnnxElements(long Length, bool AreRaw)
{
    /// <summary>Reads raw elements as float32.</summary>
    /// <param name="type">Their type.</param>
    /// <param name="count">How many there are, which <see cref="Length"/> agrees with.</param>
    /// <param name="cancellationToken">Ends the reading early.</param>
    public abstract float[] Floats(ElementType type, int count, CancellationToken cancellationToken);

    /// <summary>Reads all bytes.</summary>
    /// <param name="cancellationToken">Ends the reading early.</param>
    public abstract WireMessage Bytes(CancellationToken cancellationToken);
}

/// <summary>Elements in a file or in memory.</summary>
/// <param name="Stream">The file, or memory, which has them.</param>
/// <param name="Start">First byte.</param>
/// <param name="Length">Bytes.</param>
/// <param name="AreRaw">As the base has it.</param>
internal sealed record StreamElements(Stream Stream, long Start, long Length, bool AreRaw)
    : OnnxElements(Length, AreRaw)
{
    /// <summary>Raw elements in memory.</summary>
    /// <param name="raw">Their bytes.</param>
    public static StreamElements Of(byte[] raw) =>
        new(new MemoryStream(raw, writable: false), 0, raw.Length, AreRaw: true);

    /// <inheritdoc/>
    public override float[] Floats(ElementType type, int count, CancellationToken cancellationToken)
    {
        var floats = GC.AllocateUninitializedArray<float>(count);
        Stream.Position = Start;
        Elements.Read(Stream, type, floats, cancellationToken);
        return floats;
    }

    /// <inheritdoc/>
    public override WireMessage Bytes(CancellationToken cancellationToken)
    {
        var bytes = new byte[Length];
        Stream.Position = Start;
        ModelFile.Fill(Stream, bytes, cancellationToken);
        return new(bytes, 0, bytes.Length);
    }
}
