using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Host;

/// <summary>Says what was taken for granted about a file of weights, and how to say otherwise.</summary>
internal static class Assumptions
{
    /// <summary>The sentences.</summary>
    /// <param name="finding">The contract, and how it is known.</param>
    /// <param name="fits">The forms that the file fits equally.</param>
    /// <param name="claim">What was decided.</param>
    public static IEnumerable<string> Of(ContractFinding? finding, IReadOnlyList<WeightFit> fits, WeightClaim claim)
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
        var others = fits.SelectMany(fit => ContractCatalog.Of(fit.Architecture.Name, fit.Form.Ecosystem))
            .Where(contract => contract != finding.Contract)
            .Select(contract => contract.Name)
            .ToList();
        return others.Count == 0
            ? "weights of one's own may have been trained otherwise"
            : $"the tensors cannot tell it from {string.Join(", ", others)}: --contract NAME says which";
    }
}
