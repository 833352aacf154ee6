using System.Collections.Immutable;
using ILGpuMobileNet.Host.Images;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Host.Features;

/// <summary>
/// Gives what a network sees in images: the embedding before its classifier, or feature maps at any stride. Safe for use
/// by several threads at once, as <see cref="Classifier"/> is.
/// </summary>
public sealed class FeatureExtractor : IDisposable
{
    private readonly LoadedModel _model;
    private readonly FeatureReader _features;
    private readonly PictureNetwork _network;
    private readonly ImmutableArray<int> _outputs; // which output of the network each feature is; two may be one

    private FeatureExtractor(LoadedModel model, FeatureOptions options)
    {
        (_model, _features) = (model, new(model, options.Features));
        var cut = model.Model with { Graph = model.Model.Graph.WithOutputs([.. _features.Ids.Distinct()]) };
        _network = new(model, cut, options.Device, new(options.MaximalBatch, options.ThreadCount));
        _outputs = [.. _features.Ids.Select(id => cut.Graph.OutputIds.IndexOf(id))];
    }

    /// <summary>What it gives for each image.</summary>
    public ImmutableArray<FeatureSource> Features => _features.Features;

    /// <summary>Axes of the <see cref="Features"/> for one image: <c>[C]</c>, or <c>[C, H, W]</c> for a map.</summary>
    public ImmutableArray<ImmutableArray<int>> Axes => _features.Axes;

    /// <summary>The device that the network runs on; with <c>auto</c>, what was chosen.</summary>
    public string Device => _network.Session.Device;

    /// <summary>Name or file of the model.</summary>
    public string Model => _model.Name;

    /// <summary>How images are prepared.</summary>
    public Preprocessing Preprocessing => _model.Preprocessing;

    /// <summary>What that is known as: the name of a contract or of a preset, and whether items were changed.</summary>
    public string PreparedAs => _model.PreparedAs;

    /// <summary>What was taken for granted about the weights, in sentences.</summary>
    public IReadOnlyList<string> Assumptions => _model.Assumptions;

    /// <summary>Loads a model and gets it ready to run as far as the features need.</summary>
    /// <param name="options">Which model and features, where, how.</param>
    /// <param name="cancellationToken">Stops the loading.</param>
    /// <exception cref="ArgumentException">The options name nothing that exists or do not go together.</exception>
    /// <exception cref="ModelFormatException">A file cannot be used.</exception>
    /// <exception cref="IOException">A file is missing or cannot be read.</exception>
    /// <exception cref="DeviceNotAvailableException">The device cannot be used here.</exception>
    public static Task<FeatureExtractor> LoadAsync(
        FeatureOptions options,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(options);
        options.CheckRanges();
        return Task.Run(
            () =>
                new FeatureExtractor(ModelSource.Load(options with { ForFeatures = true }, cancellationToken), options),
            cancellationToken
        );
    }

    /// <summary>The features of an image file.</summary>
    /// <param name="path">The file; its content decides its format.</param>
    /// <exception cref="ImageFormatException">It is no image that can be read.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    /// <exception cref="NotFiniteNumberException">A feature is NaN or infinite.</exception>
    /// <exception cref="ObjectDisposedException">The extractor is disposed.</exception>
    public FeatureResult Extract(string path) => Extract(ImageFile.Load(path), path);

    /// <summary>The features of an image in memory.</summary>
    /// <param name="image">The image.</param>
    /// <param name="name">What the result calls it.</param>
    /// <exception cref="NotFiniteNumberException">A feature is NaN or infinite.</exception>
    /// <exception cref="ObjectDisposedException">The extractor is disposed.</exception>
    public FeatureResult Extract(RgbImage image, string name = "image")
    {
        ArgumentNullException.ThrowIfNull(image);
        return _network.Run(image, index => FeaturesOf(name, index));
    }

    /// <summary>
    /// The features of image files, in batches and streamed in the files' order. A file that is no image yields a result
    /// with its error, and the others are done.
    /// </summary>
    /// <param name="paths">The files.</param>
    /// <param name="cancellationToken">Stops between two files.</param>
    /// <exception cref="OperationCanceledException">It was stopped, while enumerating.</exception>
    /// <exception cref="ObjectDisposedException">The extractor is disposed, while enumerating.</exception>
    public IEnumerable<FeatureResult> ExtractMany(
        IEnumerable<string> paths,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(paths);
        return _network.RunMany(paths, ResultOf, (file, error) => new(file, [], error), cancellationToken);
    }

    /// <summary>Gives the network's memory back. Waits for a run that is under way; calling it again does nothing.</summary>
    public void Dispose() => _network.Dispose();

    private FeatureResult ResultOf(string file, int image)
    {
        try
        {
            return FeaturesOf(file, image);
        }
        catch (NotFiniteNumberException fault)
        {
            return new(file, [], fault.Message);
        }
    }

    private FeatureResult FeaturesOf(string file, int image) =>
        new(file, [.. _outputs.Select((output, index) => _features.Copy(index, _network.Output(output, image)))], null);
}
