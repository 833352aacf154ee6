using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace ILGpuMobileNet.Network.Weights;

/// <summary>Turns the elements of files, little-endian, into float32.</summary>
internal static class Elements
{
    private const int ChunkSizeInBytes = 1 << 16;

    /// <summary>Bytes of one element.</summary>
    /// <param name="type">Its type.</param>
    public static int SizeOf(ElementType type) =>
        type switch
        {
            ElementType.U8 => 1,
            ElementType.F16 or ElementType.BF16 or ElementType.U16 => 2,
            ElementType.F32 or ElementType.I32 => 4,
            _ => 8,
        };

    /// <summary>Whether elements of a type are weights as they are: numbers with a point.</summary>
    /// <param name="type">The type.</param>
    public static bool AreWeights(ElementType type) =>
        type is ElementType.F32 or ElementType.F16 or ElementType.BF16 or ElementType.F64;

    /// <summary>The bytes that elements take; the product of an int and at most eight does not overflow.</summary>
    /// <param name="type">Their type.</param>
    /// <param name="count">How many there are.</param>
    public static long SizeInBytes(ElementType type, int count) => (long)count * SizeOf(type);

    /// <summary>Reads as many elements as the destination has, from where the stream stands.</summary>
    /// <param name="stream">The file.</param>
    /// <param name="type">A type of which elements <see cref="AreWeights"/>.</param>
    /// <param name="destination">The elements as float32.</param>
    /// <param name="cancellationToken">Ends the reading early.</param>
    /// <exception cref="EndOfStreamException">The stream ends before the destination is full.</exception>
    public static void Read(
        Stream stream,
        ElementType type,
        Span<float> destination,
        CancellationToken cancellationToken
    )
    {
        if (type == ElementType.F32)
        {
            ModelFile.Fill(stream, MemoryMarshal.AsBytes(destination), cancellationToken);
            return;
        }
        var buffer = ArrayPool<byte>.Shared.Rent(ChunkSizeInBytes);
        try
        {
            ReadChunks(stream, type, destination, buffer.AsSpan(0, ChunkSizeInBytes), cancellationToken);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static void ReadChunks(
        Stream stream,
        ElementType type,
        Span<float> destination,
        Span<byte> buffer,
        CancellationToken cancellationToken
    )
    {
        var size = SizeOf(type);
        while (!destination.IsEmpty)
        {
            var count = Math.Min(destination.Length, buffer.Length / size);
            ModelFile.Fill(stream, buffer[..(count * size)], cancellationToken);
            Convert(buffer, type, destination[..count]);
            destination = destination[count..];
        }
    }

    /// <summary>Turns bytes into as many elements as the destination has.</summary>
    /// <param name="source">Their bytes.</param>
    /// <param name="type">A type of which elements <see cref="AreWeights"/>.</param>
    /// <param name="destination">The elements as float32.</param>
    public static void Convert(ReadOnlySpan<byte> source, ElementType type, Span<float> destination)
    {
        if (type == ElementType.F32)
        {
            source[..(destination.Length * sizeof(float))].CopyTo(MemoryMarshal.AsBytes(destination));
            return;
        }
        for (var i = 0; i < destination.Length; i++)
        {
            destination[i] = type switch
            {
                ElementType.F16 => (float)BinaryPrimitives.ReadHalfLittleEndian(source[(i * sizeof(ushort))..]),
                ElementType.BF16 => BitConverter.Int32BitsToSingle(
                    BinaryPrimitives.ReadUInt16LittleEndian(source[(i * sizeof(ushort))..]) << 16
                ),
                _ => (float)BinaryPrimitives.ReadDoubleLittleEndian(source[(i * sizeof(double))..]),
            };
        }
    }
}
