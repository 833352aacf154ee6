namespace ILGpuMobileNet.Host;

/// <summary>A file that weights are published as.</summary>
/// <param name="Name">Its name where it is published.</param>
/// <param name="Sha256">
/// The SHA-256 of its content in hexadecimal digits, or as many leading ones as are published: PyTorch's files have
/// eight in their names.
/// </param>
public sealed record KnownFile(string Name, string Sha256)
{
    /// <summary>A file whose name ends in the leading digits of its hash, as <c>torch.hub</c> checks it.</summary>
    /// <param name="name">Its name: <c>mobilenet_v2-b0353104.pth</c>.</param>
    internal static KnownFile Torch(string name) =>
        new(name, Path.GetFileNameWithoutExtension(name)[(name.LastIndexOf('-') + 1)..]);

    /// <summary>Whether a content is this file's.</summary>
    /// <param name="sha256">The SHA-256 of the content in hexadecimal digits.</param>
    public bool Is(string sha256)
    {
        ArgumentNullException.ThrowIfNull(sha256);
        return sha256.StartsWith(Sha256, StringComparison.OrdinalIgnoreCase);
    }
}
