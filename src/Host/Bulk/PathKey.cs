using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace ILGpuMobileNet.Host.Bulk;

/// <summary>
/// 128 bits that stand for a path: the start of the SHA-256 of its UTF-8 text, without what changes nothing in it.
/// <c>./a//b/</c> is <c>a/b</c>, but <c>..</c> stays, which a link may lead elsewhere, and so does what the path starts
/// from, so that the key is the same wherever a part of a job runs. Two of a billion paths are alike with a chance of
/// 10^-21, and nobody can choose paths that are.
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
        SHA256.HashData(Encoding.UTF8.GetBytes(Plain(path)), hash);
        return new(BinaryPrimitives.ReadUInt64BigEndian(hash), BinaryPrimitives.ReadUInt64BigEndian(hash[8..]));
    }

    private static string Plain(string path)
    {
        var root = Path.GetPathRoot(path) ?? "";
        var names = path[root.Length..]
            .Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar])
            .Where(name => name is not ("" or "."));
        return root + string.Join(Path.DirectorySeparatorChar, names);
    }
}
