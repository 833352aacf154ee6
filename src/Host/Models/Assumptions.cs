using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Host;

/// <summary>Says what was taken for granted about a file of weights, and how to say otherwise.</summary>
internal static class Assumptions
{
    /// <summary>The sentences.</summary>
    /// <param name="path">The file.</param>
    /// <param name="finding">The contract, and how it is known.</param>
    /// <param name="fits">The forms that the file fits equally.</param>
    /// <param name="claim">What was decided.</param>
    public static IEnumerable<string> Of(
        string path,
        ContractFinding? finding,
        IReadOnlyList<WeightFit> fits,
        WeightClaim claim
    ) =>
        finding is { Evidence: ContractEvidence.Chosen }
            ? AboutContract(finding, fits, claim)
            : AboutNames(path, finding?.Contract, Known(finding, claim)).Concat(AboutContract(finding, fits, claim));

    /// <summary>Names of published weights in a path that are not those that the file is taken for.</summary>
    /// <param name="path">The file.</param>
    /// <param name="contract">The contract that it has.</param>
    /// <param name="known">What speaks against other names.</param>
    public static IEnumerable<string> AboutNames(string path, WeightContract? contract, string known) =>
        PublishedNames
            .In(path)
            .Where(named => named != contract)
            .Select(named => $"Its path has the name of {Words(named)}, which is not used: {known}.");

    private static string Known(ContractFinding? finding, WeightClaim claim) =>
        finding?.Evidence == ContractEvidence.Hash
            ? $"its content has the hash of {finding.Contract}"
            : $"its tensors are {claim.Network}{Used(finding)}";

    private static string Used(ContractFinding? finding) =>
        finding?.Evidence == ContractEvidence.Path ? $", and the name of {finding.Contract} is used" : "";

    private static string Words(WeightContract contract)
    {
        var width = contract.Width is { } number ? $", width {ItemText.Of(number)}" : "";
        return $"{contract} ({contract.Architecture} of {contract.Ecosystem}{width})";
    }

    private static IEnumerable<string> AboutContract(
        ContractFinding? finding,
        IReadOnlyList<WeightFit> fits,
        WeightClaim claim
    )
    {
        if (finding is null)
        {
            yield return $"No contract is known for {claim.Architecture} of {claim.Form}: pictures are prepared as is usual there.";
            yield break;
        }
        if (finding.Evidence is ContractEvidence.Assumed or ContractEvidence.Path)
        {
            var reason = finding.Evidence == ContractEvidence.Path ? "from its path" : "as the usual one";
            yield return $"The contract {finding.Contract} is assumed, {reason}; {Others(finding, fits)}.";
        }
        if (claim.Labels is null && claim.Contract!.Classes is { } classes)
        {
            yield return $"It has another number of classes than the {classes} of {finding.Contract}: their names are not known.";
        }
    }

    private static string Others(ContractFinding finding, IReadOnlyList<WeightFit> fits)
    {
        var others = fits.SelectMany(fit =>
                ContractCatalog
                    .Of(fit.Architecture.Name, fit.Form.Ecosystem)
                    .Where(contract => contract.IsOfWidth(fit.Width))
            )
            .Where(contract => contract != finding.Contract)
            .Select(contract => contract.Name)
            .ToList();
        return others.Count == 0
            ? "weights of one's own may have been trained otherwise"
            : $"the tensors cannot tell it from {string.Join(", ", others)}: --contract NAME says which";
    }
}
