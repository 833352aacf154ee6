using System.Buffers.Binary;

namespace ILGpuMobileNet.Host.Images;

/// <summary>Reads numbers and slices from an image file in order; reading past the end is the file's fault.</summary>
/// <param name="source">The file.</param>
internal sealed class ByteReader(ImageSource source)
{
    /// <summary>Index of the next byte.</summary>
    public int Position { get; private set; }

    /// <summary>Bytes from <see cref="Position"/> to the end.</summary>
    public int Remaining => source.Bytes.Length - Position;

    /// <summary>The next bytes.</summary>
    /// <param name="count">How many; compared as an unsigned number, so a negative one is too many.</param>
    /// <param name="what">What they are, for the message if they are missing.</param>
    /// <exception cref="ImageFormatException">Fewer bytes remain.</exception>
    public ReadOnlyMemory<byte> Read(long count, string what)
    {
        if ((ulong)count > (ulong)Remaining)
        {
            throw source.Truncated(what);
        }
        var bytes = source.Bytes.Slice(Position, (int)count);
        Position += (int)count;
        return bytes;
    }

    /// <summary>Continues at another byte, not before the start and not after the end.</summary>
    /// <exception cref="ImageFormatException">The position is after the end.</exception>
    public void Seek(long position, string what)
    {
        Position = 0;
        Read(position, what);
    }

    public byte ReadByte(string what) => Read(1, what).Span[0];

    public ushort ReadUInt16BigEndian(string what) => BinaryPrimitives.ReadUInt16BigEndian(Read(2, what).Span);

    public uint ReadUInt32BigEndian(string what) => BinaryPrimitives.ReadUInt32BigEndian(Read(4, what).Span);
}
