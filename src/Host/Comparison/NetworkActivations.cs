using System.Collections.Immutable;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network;
using ILGpuMobileNet.Network.Execution;
using ILGpuMobileNet.Network.Graph;

namespace ILGpuMobileNet.Host.Comparison;

/// <summary>How a network is run for a comparison.</summary>
public sealed record NetworkRunOptions
{
    /// <summary>Where it runs.</summary>
    public DeviceName Device { get; init; } = DeviceName.Auto;

    /// <summary>Threads of the CPU session; 0 means one per core.</summary>
    public int ThreadCount { get; init; }

    /// <summary>
    /// Whether every layer is computed on its own: nothing is fused, no batch normalisation folded. Otherwise the
    /// steps are those of any other session, and what lies within one is not seen.
    /// </summary>
    public bool Unfused { get; init; }
}

/// <summary>What the layers of a network give, computed on a device of this machine.</summary>
public sealed class NetworkActivations : ActivationSet
{
    private readonly Dictionary<string, float[]> _values;

    private NetworkActivations(string name, List<(ActivationEntry Entry, float[] Values)> layers)
        : base(name)
    {
        Entries = [.. layers.Select(layer => layer.Entry)];
        _values = layers.ToDictionary(layer => layer.Entry.Name, layer => layer.Values, StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public override ImmutableArray<ActivationEntry> Entries { get; }

    internal override bool IsNetwork => true;

    /// <summary>Runs a network and keeps the images it read and what its layers give.</summary>
    /// <param name="loaded">The network and its weights.</param>
    /// <param name="images">Images, axes <c>[N, H, W, C]</c>, normalised as the weights expect.</param>
    /// <param name="options">Where and how it runs.</param>
    /// <exception cref="ArgumentException">The images are none, or no whole number of the network's.</exception>
    /// <exception cref="DeviceNotAvailableException">The device cannot be used here.</exception>
    /// <exception cref="InsufficientMemoryException">The device has not the memory for all activations at once.</exception>
    public static NetworkActivations Run(LoadedModel loaded, float[] images, NetworkRunOptions options)
    {
        ArgumentNullException.ThrowIfNull(loaded);
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(options);
        var batch = CountOf(loaded.Model.Graph.Input, images);
        var model = options.Unfused ? WithEveryLayer(loaded.Model) : Fusion.WithEveryStep(loaded.Model);
        using var session = Devices.CreateSession(model, options.Device, new(batch, options.ThreadCount));
        var layers = model.Graph.OutputIds.Select(id => Kept(model.Graph, id, batch)).ToList();
        session.Run(images, [.. layers.Select(layer => layer.Values.AsMemory())], batch);
        if (layers.TrueForAll(layer => layer.Entry.Name != InputName))
        {
            layers.Insert(0, (EntryOf(InputName, batch, model.Graph.Input), images));
        }
        var manner = options.Unfused ? ", layer by layer" : "";
        return new($"{loaded.Name} on {session.Device}{manner}", layers);
    }

    /// <inheritdoc/>
    public override ReadOnlyMemory<float> Read(string name, CancellationToken cancellationToken = default) =>
        _values[name];

    private static int CountOf(FeatureShape input, float[] images)
    {
        var (count, rest) = Math.DivRem(images.Length, input.ElementCount);
        return count > 0 && rest == 0
            ? (int)count
            : throw new ArgumentException(
                $"Got {images.Length} floats; the network reads {input.ElementCount} for each image, {input}.",
                nameof(images)
            );
    }

    private static Model WithEveryLayer(Model model) =>
        model with
        {
            Graph = model.Graph.WithOutputs([.. Enumerable.Range(1, model.Graph.Layers.Length)]),
        };

    private static (ActivationEntry Entry, float[] Values) Kept(NetworkGraph graph, int id, int batch)
    {
        var layer = graph.Layers[id - 1];
        var entry = EntryOf(layer.Name, batch, layer.Output) with
        {
            IsArithmetic = layer is AddLayer or ScaleLayer or ConcatLayer or SelectChannelsLayer,
            MayBeFolded = MayBeFolded(graph, id),
        };
        return (entry, new float[checked(batch * layer.Output.ElementCount)]);
    }

    // Exporters keep the names of weights that they leave as they are.
    private static bool MayBeFolded(NetworkGraph graph, int id) =>
        graph.Layers[id - 1] is ConvolutionLayer { Bias: not null, Weight.Name: var weight }
        && !weight.EndsWith(".weight", StringComparison.Ordinal)
        && !graph.Layers.Any(reader => reader is BatchNormLayer && reader.Inputs.Contains(id));

    private static ActivationEntry EntryOf(string name, int batch, FeatureShape shape) =>
        new(name, [batch, shape.Height, shape.Width, shape.Channels], ActivationLayout.ChannelsLast);
}
