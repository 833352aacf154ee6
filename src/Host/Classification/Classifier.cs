using ILGpuMobileNet.Host.Images;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Execution;

namespace ILGpuMobileNet.Host;

/// <summary>
/// Classifies images. Safe for use by several threads at once: they decode side by side and take turns at the
/// network. Disposing waits for a run of the network; calls that come later, or have not reached the network yet, end
/// with an <see cref="ObjectDisposedException"/>.
/// </summary>
public sealed class Classifier : IDisposable
{
    private readonly PictureNetwork _network;
    private readonly LoadedModel _model;
    private readonly ClassReader _classes;

    private Classifier(LoadedModel model, ClassifierOptions options, CancellationToken cancellationToken)
    {
        (_model, _classes) = (model, new(model, options.Labels, options.TopCount, cancellationToken));
        var session = new SessionOptions(options.MaximalBatch, options.ThreadCount);
        // Of several outputs, which some graphs have, only the first is computed.
        var graph = model.Model.Graph;
        var first = model.Model with { Graph = graph.WithOutputs(graph.OutputId) };
        _network = new(model, first, options.Device, session);
    }

    /// <summary>The device that the network runs on; with <c>auto</c>, what was chosen.</summary>
    public string Device => _network.Session.Device;

    /// <summary>Name or file of the model.</summary>
    public string Model => _model.Name;

    /// <summary>Shape of the network's input; images of any size are brought to it.</summary>
    public FeatureShape Input => _network.Session.Input;

    /// <summary>How images are prepared: what was asked for, or what the model is known to be trained with.</summary>
    public Preprocessing Preprocessing => _model.Preprocessing;

    /// <summary>What that is known as: the name of a contract or of a preset, and whether items were changed.</summary>
    public string PreparedAs => _model.PreparedAs;

    /// <summary>What was taken for granted about the weights, in sentences.</summary>
    public IReadOnlyList<string> Assumptions => _model.Assumptions;

    /// <summary>Images that go through the network at once.</summary>
    public int MaximalBatch => _network.Session.MaximalBatch;

    /// <summary>Loads a model and gets it ready to run.</summary>
    /// <param name="options">Which model, where, how; null means the trained text-direction classifier.</param>
    /// <param name="cancellationToken">Stops the loading.</param>
    /// <exception cref="ArgumentException">The options name nothing that exists or do not go together.</exception>
    /// <exception cref="Network.Weights.ModelFormatException">A file cannot be used.</exception>
    /// <exception cref="IOException">A file is missing or cannot be read.</exception>
    /// <exception cref="DeviceNotAvailableException">The device cannot be used here.</exception>
    public static Task<Classifier> LoadAsync(
        ClassifierOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        options ??= new ClassifierOptions();
        options.CheckRanges();
        return Task.Run(
            () => new Classifier(ModelSource.Load(options, cancellationToken), options, cancellationToken),
            cancellationToken
        );
    }

    /// <summary>Classifies an image file.</summary>
    /// <param name="path">The file; its content decides its format.</param>
    /// <exception cref="ImageFormatException">It is no image that can be read.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    /// <exception cref="NotFiniteNumberException">The network's output is NaN or infinite.</exception>
    /// <exception cref="ObjectDisposedException">The classifier is disposed.</exception>
    public ClassificationResult Classify(string path) => Classify(ImageFile.Load(path), path);

    /// <summary>Classifies an image in memory.</summary>
    /// <param name="image">The image.</param>
    /// <param name="name">What the result calls it.</param>
    /// <exception cref="NotFiniteNumberException">The network's output is NaN or infinite.</exception>
    /// <exception cref="ObjectDisposedException">The classifier is disposed.</exception>
    public ClassificationResult Classify(RgbImage image, string name = "image")
    {
        ArgumentNullException.ThrowIfNull(image);
        return _network.Run(image, index => ClassificationResult.Done(name, Best(index)));
    }

    /// <summary>
    /// Classifies image files in batches and streams the results in the files' order; the next batch is decoded while
    /// the network runs. A file that is no image yields a result with its error, and the others are done.
    /// </summary>
    /// <param name="paths">The files.</param>
    /// <param name="cancellationToken">Stops between two files.</param>
    /// <exception cref="OperationCanceledException">It was stopped, while enumerating.</exception>
    /// <exception cref="ObjectDisposedException">The classifier is disposed, while enumerating.</exception>
    public IEnumerable<ClassificationResult> ClassifyMany(
        IEnumerable<string> paths,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(paths);
        return _network.RunMany(paths, ResultOf, ClassificationResult.Failed, cancellationToken);
    }

    /// <summary>Gives the network's memory back. Waits for a run that is under way; calling it again does nothing.</summary>
    public void Dispose() => _network.Dispose();

    private ClassificationResult ResultOf(string file, int index)
    {
        try
        {
            return ClassificationResult.Done(file, Best(index));
        }
        catch (NotFiniteNumberException fault)
        {
            return ClassificationResult.Failed(file, fault.Message);
        }
    }

    private IReadOnlyList<Prediction> Best(int image) => _classes.Best(_network.Output(0, image));
}
