using System.Collections.Immutable;
using ILGpuMobileNet.Network.Graph;

namespace ILGpuMobileNet.Network.Architectures;

/// <summary>
/// One way in which files name and lay out a form's tensors: the network built with the ecosystem's layer names, whose
/// parameters stand in the order of the real one's, and what the ecosystem calls the parameters of a layer.
/// </summary>
internal sealed class TensorNaming
{
    private readonly Lazy<NetworkGraph>? _named;
    private readonly ParameterNames _parameters;

    private TensorNaming(Lazy<NetworkGraph>? named, ParameterNames parameters)
    {
        _named = named;
        _parameters = parameters;
    }

    /// <summary>A naming of an ecosystem.</summary>
    /// <param name="parameters">What it calls the parameters of a layer, and in which layout.</param>
    /// <param name="named">Builds the network with its layer names, at any width.</param>
    public TensorNaming(ParameterNames parameters, Func<NetworkGraph> named)
        : this(new Lazy<NetworkGraph>(named), parameters) { }

    /// <summary>This library's own names, which are torchvision's where torchvision has the network.</summary>
    public static TensorNaming Own { get; } = new(named: null, ParameterNames.Torch);

    /// <summary>Names and layouts of every parameter of a network, in the order of its layers.</summary>
    /// <param name="graph">The network in this library's names.</param>
    /// <exception cref="ArgumentException">The network has not the layers of this form.</exception>
    public IEnumerable<StoredParameter> Of(NetworkGraph graph)
    {
        var layers = Weighted(graph);
        var named = _named is null ? layers : Weighted(_named.Value);
        if (named.Count != layers.Count)
        {
            throw new ArgumentException(
                $"'{graph.Name}' has {layers.Count} layers with weights, but in this form {named.Count}; build the "
                    + "network in the form that its weights are bound in."
            );
        }
        return layers.Zip(named).SelectMany(pair => Of(pair.First, pair.Second.Name));
    }

    private static List<Layer> Weighted(NetworkGraph graph) =>
        [.. graph.Layers.Where(layer => !layer.Parameters.IsEmpty)];

    private IEnumerable<StoredParameter> Of(Layer layer, string name) =>
        layer switch
        {
            ConvolutionLayer { Geometry.IsDepthwise: true } convolution => Filtered(
                (convolution.Weight, convolution.Bias),
                ParameterKind.Depthwise,
                _parameters.Depthwise(name)
            ),
            ConvolutionLayer convolution => Filtered(
                (convolution.Weight, convolution.Bias),
                ParameterKind.Convolution,
                _parameters.Filter(name)
            ),
            LinearLayer linear => Filtered(
                (linear.Weight, linear.Bias),
                ParameterKind.Linear,
                _parameters.Filter(name)
            ),
            BatchNormLayer { Statistics: var statistics } =>
            [
                Vector(statistics.Scale, _parameters.Scale(name)),
                Vector(statistics.Offset, _parameters.Offset(name)),
                Vector(statistics.Mean, _parameters.Mean(name)),
                Vector(statistics.Variance, _parameters.Variance(name)),
            ],
            _ => [],
        };

    private IEnumerable<StoredParameter> Filtered(
        (Parameter Weight, Parameter? Bias) parameters,
        ParameterKind kind,
        (ImmutableArray<string> Weight, string Bias) names
    )
    {
        yield return new(parameters.Weight, names.Weight, kind, _parameters.Layout);
        if (parameters.Bias is { } bias)
        {
            yield return Vector(bias, names.Bias);
        }
    }

    private StoredParameter Vector(Parameter parameter, string name) =>
        new(parameter, [name], ParameterKind.Vector, _parameters.Layout);
}
