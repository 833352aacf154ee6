using System.Collections.Immutable;
using ILGpuMobileNet.Host.Features;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network;

namespace ILGpuMobileNet.Host.Serving;

/// <summary>A network as a host runs it: with the features among its outputs, and with what reads these.</summary>
internal sealed class HostedModel
{
    private readonly ClassReader? _classes;
    private readonly FeatureReader _features;
    private readonly ImmutableArray<int> _featureOutputs; // which output of the network each feature is; two may be one

    /// <summary>Gets a network ready.</summary>
    /// <param name="loaded">The network.</param>
    /// <param name="options">Labels, classes to list, and features.</param>
    /// <param name="cancellationToken">Stops reading the labels.</param>
    /// <exception cref="ArgumentException">It does not have such features.</exception>
    /// <exception cref="Network.Weights.ModelFormatException">The labels cannot be used.</exception>
    /// <exception cref="IOException">The labels cannot be read.</exception>
    public HostedModel(LoadedModel loaded, MobileNetHostOptions options, CancellationToken cancellationToken)
    {
        Loaded = loaded;
        _classes = ClassReader.Refusal(loaded) is null
            ? new(loaded, options.Labels, options.TopCount, cancellationToken)
            : null;
        var graph = loaded.Model.Graph;
        _features = new(loaded, options.Features);
        var cut = graph.WithOutputs([.. _features.Ids.Prepend(graph.OutputId).Distinct()]);
        _featureOutputs = [.. _features.Ids.Select(id => cut.OutputIds.IndexOf(id))];
        Model = loaded.Model with { Graph = cut };
        Outputs = [.. cut.OutputIds.Select(cut.ShapeOf)];
    }

    /// <summary>The network as it was loaded.</summary>
    public LoadedModel Loaded { get; }

    /// <summary>The network with the features among its outputs.</summary>
    public Model Model { get; }

    /// <summary>Shape of its input.</summary>
    public FeatureShape Input => Model.Graph.Input;

    /// <summary>Shapes of its outputs.</summary>
    public ImmutableArray<FeatureShape> Outputs { get; }

    /// <summary>How many classes a result lists; 0 where the network is no classifier of pictures.</summary>
    public int TopCount => _classes?.TopCount ?? 0;

    /// <summary>What its results depend on.</summary>
    public IReadOnlyDictionary<string, string> Provenance => Bulk.Provenance.Of(Loaded, _classes?.Labels);

    /// <summary>Reads the classes of an image from a batch.</summary>
    /// <param name="name">What the result calls it.</param>
    /// <exception cref="InvalidOperationException">The network is no classifier of pictures.</exception>
    public Func<CallBatch, int, ClassificationResult> ReadClasses(string name) =>
        _classes is { } classes
            ? (batch, index) => ClassificationResult.Done(name, classes.Best(batch.Output(0, index)))
            : throw new InvalidOperationException(ClassReader.Refusal(Loaded));

    /// <summary>Reads the features of an image from a batch.</summary>
    /// <param name="name">What the result calls it.</param>
    /// <exception cref="InvalidOperationException">No features were asked for, or the network reads no pictures.</exception>
    public Func<CallBatch, int, FeatureResult> ReadFeatures(string name)
    {
        if (_featureOutputs.IsEmpty || Input.Channels != 3)
        {
            throw new InvalidOperationException(
                _featureOutputs.IsEmpty
                    ? "The host gives no features: name them in its option Features."
                    : $"'{Loaded.Name}' reads {Input} arrays, not pictures of 3 channels."
            );
        }
        return (batch, index) =>
            new(
                name,
                [.. _featureOutputs.Select((o, feature) => _features.Copy(feature, batch.Output(o, index)))],
                null
            );
    }
}
