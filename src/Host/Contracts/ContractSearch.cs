using System.Security.Cryptography;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Host;

/// <summary>A contract, and how it is known that weights have it.</summary>
/// <param name="Contract">The contract.</param>
/// <param name="Evidence">How it is known.</param>
internal sealed record ContractFinding(WeightContract Contract, ContractEvidence Evidence);

/// <summary>Finds the contract of a file's weights among those of the architecture and ecosystem that it fits.</summary>
internal static class ContractSearch
{
    /// <summary>
    /// The contract by the content's hash, else by a published name in the path, else the first of the forms that fit.
    /// </summary>
    /// <param name="file">The file.</param>
    /// <param name="fits">The forms that the file fits equally, the usual one first.</param>
    /// <param name="cancellationToken">Ends the reading early.</param>
    /// <returns>Null where no fit has a contract.</returns>
    /// <exception cref="ModelFormatException">The file has a published file's name, but not its content.</exception>
    public static ContractFinding? Find(
        WeightFile file,
        IReadOnlyList<WeightFit> fits,
        CancellationToken cancellationToken
    )
    {
        var candidates = fits.SelectMany(fit =>
                ContractCatalog.Of(fit.Architecture.Name, fit.Form.Ecosystem, fit.Width)
            )
            .ToList();
        return ByHash(file, candidates, cancellationToken) ?? ByPath(file.Path, fits) ?? First(fits, candidates);
    }

    /// <summary>The SHA-256 of a file, in hexadecimal digits.</summary>
    /// <param name="path">The file.</param>
    /// <param name="cancellationToken">Ends the reading early.</param>
    /// <exception cref="ModelFormatException">It is no regular file.</exception>
    public static string HashOf(string path, CancellationToken cancellationToken)
    {
        using var stream = ModelFile.Open(path);
        return Convert.ToHexStringLower(
            SHA256.HashDataAsync(stream, cancellationToken).AsTask().GetAwaiter().GetResult()
        );
    }

    /// <summary>The contract of the published file whose hash a file has.</summary>
    /// <param name="file">The file; only PyTorch's are published with hashes, others are not read whole for it.</param>
    /// <param name="candidates">The contracts that it may have.</param>
    /// <param name="cancellationToken">Ends the reading early.</param>
    /// <exception cref="ModelFormatException">The file has a published file's name, but not its content.</exception>
    internal static ContractFinding? ByHash(
        WeightFile file,
        IReadOnlyCollection<WeightContract> candidates,
        CancellationToken cancellationToken
    )
    {
        if (file.Format != WeightFormat.PyTorch || candidates.All(contract => contract.Files.IsEmpty))
        {
            return null;
        }
        var hash = HashOf(file.Path, cancellationToken);
        if (candidates.FirstOrDefault(contract => contract.Files.Any(known => known.Is(hash))) is { } match)
        {
            return new(match, ContractEvidence.Hash);
        }
        RefuseName(file.Path, hash, candidates);
        return null;
    }

    // A damaged download, or other weights under the name: the contract of the name may give wrong results.
    private static void RefuseName(string path, string hash, IEnumerable<WeightContract> candidates)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        foreach (var contract in candidates)
        {
            if (contract.Files.FirstOrDefault(file => IsNamed(file, name)) is { } published)
            {
                throw new ModelFormatException(
                    path,
                    $"has the name of the published '{published.Name}', whose SHA-256 begins with {published.Sha256}, "
                        + $"but its own is {hash}.",
                    $"Get the file again; if it holds other weights, rename it, or say --contract {contract}."
                );
            }
        }
    }

    // Weights are saved as .pth and .pt alike.
    private static bool IsNamed(KnownFile file, string name) =>
        string.Equals(Path.GetFileNameWithoutExtension(file.Name), name, StringComparison.OrdinalIgnoreCase);

    // A name holds only where the tensors agree with it.
    private static ContractFinding? ByPath(string path, IReadOnlyList<WeightFit> fits) =>
        PublishedNames.In(path).FirstOrDefault(contract => fits.Any(contract.Agrees)) is { } match
            ? new(match, ContractEvidence.Path)
            : null;

    private static ContractFinding? First(IReadOnlyList<WeightFit> fits, List<WeightContract> candidates) =>
        candidates.Find(contract => contract.Ecosystem == fits[0].Form.Ecosystem) is { } usual
            ? new(usual, ContractEvidence.Assumed)
            : null;
}
