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
        return ByHash(file, candidates, cancellationToken) ?? ByPath(file.Path, candidates) ?? First(fits, candidates);
    }

    /// <summary>The SHA-256 of a file, in hexadecimal digits.</summary>
    /// <param name="path">The file.</param>
    /// <param name="cancellationToken">Ends the reading early.</param>
    public static string HashOf(string path, CancellationToken cancellationToken)
    {
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(
            SHA256.HashDataAsync(stream, cancellationToken).AsTask().GetAwaiter().GetResult()
        );
    }

    /// <summary>The contract of the published file whose hash a file has.</summary>
    /// <param name="file">The file; only PyTorch's are published with hashes, others are not read whole for it.</param>
    /// <param name="candidates">The contracts that it may have.</param>
    /// <param name="cancellationToken">Ends the reading early.</param>
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
        var match = candidates.FirstOrDefault(contract => contract.Files.Any(known => known.Is(hash)));
        return match is null ? null : new(match, ContractEvidence.Hash);
    }

    // As folders of model hubs have it: models--timm--mobilenetv3_large_100.ra_in1k. tf_mobilenet... contains mobilenet...
    private static ContractFinding? ByPath(string path, List<WeightContract> candidates) =>
        candidates
            .Where(contract => NamesIn(contract).Any(name => path.Contains(name, StringComparison.OrdinalIgnoreCase)))
            .MaxBy(contract => contract.Weights.Length)
            is { } match
            ? new(match, ContractEvidence.Path)
            : null;

    private static IEnumerable<string> NamesIn(WeightContract contract) =>
        contract.Files.Select(file => Path.GetFileNameWithoutExtension(file.Name)).Prepend(contract.Weights);

    private static ContractFinding? First(IReadOnlyList<WeightFit> fits, List<WeightContract> candidates) =>
        candidates.Find(contract => contract.Ecosystem == fits[0].Form.Ecosystem) is { } usual
            ? new(usual, ContractEvidence.Assumed)
            : null;
}
