using ILGpuMobileNet.Host.Images;

namespace ILGpuMobileNet.Host;

/// <summary>What pictures are prepared as for, in a few words.</summary>
internal static class PreparationName
{
    /// <summary>The contract, or the preset that was asked for instead or is taken without one.</summary>
    /// <param name="contract">The contract, where the network has one by name.</param>
    /// <param name="options">What the user says.</param>
    /// <param name="usual">How pictures are prepared where the user says nothing.</param>
    /// <param name="preprocessing">How they are prepared in the end.</param>
    public static string Of(
        WeightContract? contract,
        ModelOptions options,
        Preprocessing usual,
        Preprocessing preprocessing
    ) =>
        options.Preprocessing is null && contract is not null
            ? Changed(contract.Name, preprocessing == contract.Preprocessing)
            : Of(options.Preprocessing ?? usual, preprocessing);

    private static string Of(Preprocessing own, Preprocessing preprocessing)
    {
        var preset = Preprocessing.Presets.FirstOrDefault(preset => preset.Value == own).Key;
        return preset is null ? "a way of its own" : Changed(preset, own == preprocessing);
    }

    private static string Changed(string name, bool isSame) => isSame ? name : $"{name} with changes";
}
