using System.IO.Compression;

namespace ILGpuMobileNet.Network.Weights;

/// <summary>One file in a zip archive.</summary>
/// <param name="Name">Its name in the archive, with slashes.</param>
/// <param name="Offset">First byte of its data, counted from the start of the archive.</param>
/// <param name="StoredSize">Bytes that its data takes in the archive.</param>
/// <param name="Size">Bytes that it has, as the archive claims.</param>
/// <param name="IsDeflated">Whether its data is compressed.</param>
internal sealed record ZipEntry(string Name, long Offset, long StoredSize, long Size, bool IsDeflated)
{
    /// <summary>The content of a deflated entry from its start; the archive must not be read meanwhile.</summary>
    /// <param name="archive">The archive, which stays open.</param>
    public DeflateStream Inflate(Stream archive)
    {
        archive.Position = Offset;
        return new(archive, CompressionMode.Decompress, leaveOpen: true);
    }
}
