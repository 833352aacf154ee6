using ILGpuMobileNet.Kernels;

namespace ILGpuMobileNet.Host;

/// <summary>The file of a graph, and what its reading needs.</summary>
/// <param name="Path">The file.</param>
/// <param name="IsTextDirection">Whether it is the trained text-direction classifier.</param>
/// <param name="Resolution">Rows and columns of the input where the file leaves them open, or null.</param>
internal sealed record GraphSource(string Path, bool IsTextDirection, Extent? Resolution)
{
    private static readonly Extent _textDirection = new(48, 192);

    /// <summary>The file that the options lead to.</summary>
    /// <param name="options">Which file.</param>
    /// <exception cref="ArgumentException">Options are given that a graph decides itself.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    public static GraphSource Of(ModelOptions options)
    {
        RefuseArchitectureOptions(options);
        var path = options.Model == PretrainedModel.TextDirectionName ? PretrainedModel.Find() : options.Model;
        var isTrainedDefault = PretrainedModel.IsTextDirection(path);
        return new(path, isTrainedDefault, options.Resolution ?? (isTrainedDefault ? _textDirection : null));
    }

    private static void RefuseArchitectureOptions(ModelOptions options)
    {
        var isPlain =
            options is { Weights: null, RandomSeed: null, Width: null, Classes: null, Ecosystem: null, Numerics: null }
            && options is { NewHeadSeed: null, ReducedTail: false };
        if (!isPlain)
        {
            throw new ArgumentException(
                $"'{options.Model}' brings its own weights, shape and arithmetic; weights, random seed, width, classes, "
                    + "new head, reduced tail, ecosystem and numerics apply to architecture names only. Leave them out."
            );
        }
    }
}
