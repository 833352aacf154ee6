using ILGpuMobileNet.Host;

namespace ILGpuMobileNet.Cli.Options;

/// <summary>Weights for commands whose results do not depend on them.</summary>
internal static class RandomWeights
{
    /// <summary>The options, with random weights for an architecture without a file.</summary>
    /// <param name="options">What the user asked for.</param>
    public static ModelOptions WithRandomWeights(this ModelOptions options) =>
        options is { Weights: null, RandomSeed: null } && !ModelSource.IsFile(options.Model)
            ? options with
            {
                RandomSeed = 1,
            }
            : options;
}
