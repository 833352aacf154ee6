using ILGpuMobileNet.Network;
using ILGpuMobileNet.Network.Architectures;
using ILGpuMobileNet.Network.Graph;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Host;

/// <summary>The one place that turns a model's name into a network: an architecture, a file, or the trained default.</summary>
public static class ModelSource
{
    /// <summary>The network without its weights.</summary>
    /// <param name="options">Which network.</param>
    /// <param name="cancellationToken">Stops reading a file.</param>
    /// <exception cref="ArgumentException">There is no such network or variant, or the options do not go together.</exception>
    /// <exception cref="ModelFormatException">The file is no network that can be used.</exception>
    /// <exception cref="IOException">A file is missing or cannot be read.</exception>
    public static NetworkGraph LoadGraph(ModelOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (WeightPathOf(options, out var named, cancellationToken) is { } path)
        {
            return WeightedModel.LoadGraph(path, named, options, cancellationToken);
        }
        return named is null
            ? GraphModel.LoadGraph(options, cancellationToken).Graph
            : WeightedModel.Untrained(named, options).Graph;
    }

    /// <summary>The network with its weights.</summary>
    /// <param name="options">Which network and which weights.</param>
    /// <param name="cancellationToken">Stops reading a file.</param>
    /// <exception cref="ArgumentException">
    /// There is no such network or variant, the options do not go together, or they contradict the file.
    /// </exception>
    /// <exception cref="ModelFormatException">A file cannot be used, or its weights do not fit the network.</exception>
    /// <exception cref="IOException">A file is missing or cannot be read.</exception>
    public static LoadedModel Load(ModelOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (WeightPathOf(options, out var named, cancellationToken) is { } path)
        {
            return WeightedModel.Load(path, named, options, cancellationToken);
        }
        return named is null ? GraphModel.Load(options, cancellationToken) : WeightedModel.Random(named, options);
    }

    /// <summary>Whether a name stands for a file with weights of its own, not for an architecture.</summary>
    /// <param name="model">As <see cref="ModelOptions.Model"/> has it.</param>
    public static bool IsFile(string model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model == PretrainedModel.TextDirectionName || IsPath(model);
    }

    /// <summary>The file of weights that the options lead to, and the architecture that they name, if any.</summary>
    private static string? WeightPathOf(
        ModelOptions options,
        out Architecture? named,
        CancellationToken cancellationToken
    )
    {
        var (model, weights) = (options.Model, options.Weights);
        named = IsFile(model) ? null : ArchitectureOf(model);
        if (named is not null || model == PretrainedModel.TextDirectionName)
        {
            return weights;
        }
        return GraphFiles.IsGraph(GraphFiles.FormatOf(model, cancellationToken)) ? null : WeightsAlone(model, weights);
    }

    private static string WeightsAlone(string model, string? weights) =>
        weights is null
            ? model
            : throw new ArgumentException(
                $"'{model}' and '{weights}' are both files of weights; name an architecture, or leave one of them out."
            );

    // No architecture's name has a dot or a separator of folders.
    private static bool IsPath(string model) =>
        !IsArchitecture(model) && (model.AsSpan().ContainsAny("./\\") || File.Exists(model));

    private static bool IsArchitecture(string model) =>
        ArchitectureCatalog.All.Any(network => string.Equals(network.Name, model, StringComparison.OrdinalIgnoreCase));

    private static Architecture ArchitectureOf(string name)
    {
        try
        {
            return ArchitectureCatalog.Get(name);
        }
        catch (ArgumentException fault)
        {
            throw new ArgumentException(
                $"{fault.Message} The trained model is '{PretrainedModel.TextDirectionName}'; the name of a file has a dot "
                    + "or a folder in it.",
                fault
            );
        }
    }
}
