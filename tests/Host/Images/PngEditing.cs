using System.Buffers.Binary;
using System.Text;

namespace ILGpuMobileNet.Host.Tests.Images;

/// <summary>Makes PNG files whose checksums are right and whose content need not be.</summary>
internal static class PngEditing
{
    public static readonly byte[] Signature = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    public static byte[] File(params byte[][] chunks) => [.. Signature, .. chunks.SelectMany(chunk => chunk)];

    public static byte[] Chunk(string kind, params byte[] data)
    {
        byte[] covered = [.. Encoding.ASCII.GetBytes(kind), .. data];
        return [.. BigEndian((uint)data.Length), .. covered, .. BigEndian(Checksum(covered))];
    }

    public static byte[] Header(uint width, uint height, byte depth = 8, byte colour = 2, byte interlace = 0) =>
        Chunk("IHDR", [.. BigEndian(width), .. BigEndian(height), depth, colour, 0, 0, interlace]);

    public static byte[] Pixels(params byte[] inflated)
    {
        using var stream = new MemoryStream();
        using (
            var deflater = new System.IO.Compression.ZLibStream(stream, System.IO.Compression.CompressionLevel.Optimal)
        )
        {
            deflater.Write(inflated);
        }
        return Chunk("IDAT", stream.ToArray());
    }

    public static byte[] End => Chunk("IEND");

    private static byte[] BigEndian(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }

    // Bit by bit as the standard defines it, independent of the codec's table.
    private static uint Checksum(byte[] bytes)
    {
        var crc = uint.MaxValue;
        for (var bit = 0; bit < 8 * bytes.Length; bit++)
        {
            var input = (uint)bytes[bit / 8] >> (bit % 8);
            crc = ((crc ^ input) & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0xEDB88320;
        }
        return ~crc;
    }
}
