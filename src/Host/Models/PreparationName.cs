using ILGpuMobileNet.Host.Images;

namespace ILGpuMobileNet.Host;

/// <summary>What pictures are prepared as for, in a few words.</summary>
internal static class PreparationName
{
    /// <summary>For weights: the contract, or what was asked for instead.</summary>
    /// <param name="claim">What the weights are.</param>
    /// <param name="options">What the user says.</param>
    /// <param name="preprocessing">How pictures are prepared in the end.</param>
    public static string Of(WeightClaim claim, ModelOptions options, Preprocessing preprocessing) =>
        options.Preprocessing is null && claim.Contract is { } contract
            ? Changed(contract.Name, preprocessing == contract.Preprocessing)
            : Of(options.Preprocessing ?? claim.Preprocessing, preprocessing);

    /// <summary>For a graph, and for weights without a contract: the preset.</summary>
    /// <param name="own">How pictures are prepared before changes.</param>
    /// <param name="preprocessing">How they are prepared in the end.</param>
    public static string Of(Preprocessing own, Preprocessing preprocessing)
    {
        var preset = Preprocessing.Presets.FirstOrDefault(preset => preset.Value == own).Key;
        return preset is null ? "a way of its own" : Changed(preset, own == preprocessing);
    }

    private static string Changed(string name, bool isSame) => isSame ? name : $"{name} with changes";
}
