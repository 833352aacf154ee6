using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace ILGpuMobileNet.Host.Bulk;

/// <summary>
/// 128 bits that stand for a path: the start of the SHA-256 of its UTF-8 text as it is written. Two of a billion paths
/// are alike with a chance of 10^-21, and nobody can choose paths that are.
/// </summary>
/// <param name="High">The first 64 bits.</param>
/// <param name="Low">The other 64 bits.</param>
internal readonly record struct PathKey(ulong High, ulong Low)
{
    /// <summary>The key of a path.</summary>
    /// <param name="path">The path; what is no Unicode in it counts as the replacement character that files get for it.</param>
    public static PathKey Of(string path)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(path), hash);
        return new(BinaryPrimitives.ReadUInt64BigEndian(hash), BinaryPrimitives.ReadUInt64BigEndian(hash[8..]));
    }
}
