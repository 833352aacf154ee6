using System.Collections.Immutable;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Graph;

namespace ILGpuMobileNet.Network.Execution;

/// <summary>
/// Turns layers into fused steps. A convolution takes the batch normalisation, activation and sum behind it, and the
/// gate before it; a pooled pair of fully connected layers that makes a gate becomes one squeeze-excite step. Layers
/// that no output needs are left out. A value that is an output is written by a step of its own.
/// </summary>
internal sealed class Fusion
{
    private readonly Model _model;
    private readonly NetworkGraph _graph;
    private readonly ImmutableHashSet<int> _outputs;
    private readonly bool[] _needed; // layers that an output depends on, the ones that make them included
    private readonly List<int>[] _consumers; // needed layers that read a value
    private readonly bool[] _absorbed; // layers that are part of an earlier step
    private readonly bool[] _available; // values that an earlier step has written
    private readonly Dictionary<int, ScaleLayer> _gated = []; // values that only a pointwise convolution reads
    private readonly List<PlanStep> _steps = [];

    private Fusion(Model model)
    {
        _model = model;
        _graph = model.Graph;
        _outputs = [.. _graph.OutputIds];
        _absorbed = new bool[_graph.Layers.Length];
        _available = new bool[_graph.Layers.Length + 1];
        _available[0] = true;
        _needed = NeededLayers(_graph);
        _consumers = Array.ConvertAll(_available, _ => new List<int>());
        for (var i = 0; i < _graph.Layers.Length; i++)
        {
            foreach (var input in _needed[i] ? _graph.Layers[i].Inputs : [])
            {
                _consumers[input].Add(i);
            }
        }
    }

    /// <summary>Fuses a network.</summary>
    /// <param name="model">The network and its weights.</param>
    public static IReadOnlyList<PlanStep> Run(Model model)
    {
        var fusion = new Fusion(model);
        for (var i = 0; i < fusion._graph.Layers.Length; i++)
        {
            if (fusion._needed[i] && !fusion._absorbed[i])
            {
                fusion.Start(i);
            }
        }
        return fusion._steps;
    }

    /// <summary>
    /// The network with every value that a step writes as an output: fused as it is without them, so that a run shows
    /// what happens between its steps.
    /// </summary>
    /// <param name="model">The network and its weights.</param>
    public static Model WithEveryStep(Model model) =>
        model with
        {
            Graph = model.Graph.WithOutputs([.. Run(model).Select(step => step.Output.Id).Distinct()]),
        };

    private static bool[] NeededLayers(NetworkGraph graph)
    {
        var needed = new bool[graph.Layers.Length];
        foreach (var output in graph.OutputIds)
        {
            needed[output - 1] = true;
        }
        for (var i = needed.Length - 1; i >= 0; i--)
        {
            foreach (var input in graph.Layers[i].Inputs.Where(input => input > 0))
            {
                needed[input - 1] |= needed[i];
            }
        }
        return needed;
    }

    private void Start(int index)
    {
        var layer = _graph.Layers[index];
        var (input, output) = (ValueOf(layer.Inputs[0]), ValueOf(index + 1));
        switch (layer)
        {
            case ConvolutionLayer or LinearLayer or BatchNormLayer:
                StartConvolution(index);
                break;
            case GlobalAveragePoolLayer when TrySqueezeExcite(index) is { } squeezeExcite:
                Emit(squeezeExcite);
                break;
            case GlobalAveragePoolLayer:
                Emit(new GlobalAveragePoolStep(layer.Name, input, output));
                break;
            case PoolLayer pool:
                Emit(new PoolStep(layer.Name, input, output, pool.Kind, pool.Window));
                break;
            case ConcatLayer:
                foreach (var part in CopyChannelsStep.Concat(layer.Name, [.. layer.Inputs.Select(ValueOf)], output))
                {
                    Emit(part);
                }
                break;
            case SelectChannelsLayer select:
                Emit(new CopyChannelsStep(layer.Name, input, output, select.Runs, IsLast: true));
                break;
            case SoftmaxLayer:
                Emit(new SoftmaxStep(layer.Name, input, output));
                break;
            case ActivationLayer activation:
                Emit(new ElementwiseStep(layer.Name, input, output, activation.Activation));
                break;
            case AddLayer:
                Emit(new ElementwiseStep(layer.Name, input, output, default) { Residual = layer.Inputs[1] });
                break;
            case ScaleLayer scale when SoleConsumer(index + 1) is { } consumer && IsPointwise(_graph.Layers[consumer]):
                _gated.Add(index + 1, scale);
                break;
            case ScaleLayer:
                Emit(new ElementwiseStep(layer.Name, input, output, default) { Gate = layer.Inputs[1] });
                break;
            default:
                throw new NotSupportedException(
                    $"Layer '{layer.Name}' is a {layer.GetType().Name}, which no step executes."
                );
        }
    }

    private void StartConvolution(int index)
    {
        var layer = _graph.Layers[index];
        var chain = FoldChain(index);
        var gate = _gated.GetValueOrDefault(layer.Inputs[0]);
        var residual = TakeResidual(index, ref chain);
        var input = ValueOf(gate?.Inputs[0] ?? layer.Inputs[0]);
        Emit(
            new ConvolutionStep(layer.Name, input, ValueOf(chain.Output), GeometryOf(layer), chain.Layer)
            {
                Gate = gate?.Inputs[1],
                Residual = residual,
            }
        );
    }

    private readonly record struct Chain(FoldedLayer Layer, int Output);

    /// <summary>A layer with weights, the batch normalisations and then the one activation that only it feeds.</summary>
    private Chain FoldChain(int index)
    {
        var chain = new Chain(FoldedOf(_graph.Layers[index]), index + 1);
        while (SoleConsumer(chain.Output) is { } next && _graph.Layers[next] is BatchNormLayer norm)
        {
            chain = new(chain.Layer.Fold(_model.Weights, norm), Absorb(next));
        }
        if (SoleConsumer(chain.Output) is { } last && _graph.Layers[last] is ActivationLayer activation)
        {
            chain = new(chain.Layer with { Activation = activation.Activation }, Absorb(last));
        }
        return chain;
    }

    /// <summary>Takes the sum behind a chain into it when the other summand is written by an earlier step.</summary>
    private int? TakeResidual(int index, ref Chain chain)
    {
        if (SoleConsumer(chain.Output) is not { } next || _graph.Layers[next] is not AddLayer add)
        {
            return null;
        }
        var other = add.Inputs[0] == chain.Output ? add.Inputs[1] : add.Inputs[0];
        if (other > index || !_available[other])
        {
            return null;
        }
        chain = chain with { Output = Absorb(next) };
        return other;
    }

    private SqueezeExciteStep? TrySqueezeExcite(int index)
    {
        if (SoleConsumer(index + 1) is not { } reduce || !IsPointwise(_graph.Layers[reduce]))
        {
            return null;
        }
        if (EndOfChain(reduce) is not { } expand || !IsPointwise(_graph.Layers[expand]) || !IsGate(ChainOutput(expand)))
        {
            return null;
        }
        (_absorbed[reduce], _absorbed[expand]) = (true, true);
        var (squeeze, excite) = (FoldChain(reduce), FoldChain(expand));
        var layer = _graph.Layers[index];
        return new(layer.Name, ValueOf(layer.Inputs[0]), ValueOf(excite.Output), squeeze.Layer, excite.Layer);
    }

    /// <summary>The layer that alone reads what a chain produces, without absorbing the chain.</summary>
    private int? EndOfChain(int index) => SoleConsumer(ChainOutput(index));

    private int ChainOutput(int index)
    {
        var value = index + 1;
        while (SoleConsumer(value) is { } next && _graph.Layers[next] is BatchNormLayer)
        {
            value = next + 1;
        }
        return SoleConsumer(value) is { } last && _graph.Layers[last] is ActivationLayer ? last + 1 : value;
    }

    private bool IsGate(int value) =>
        _consumers[value] is [_, ..] readers
        && readers.TrueForAll(index => _graph.Layers[index] is ScaleLayer scale && scale.Inputs[1] == value);

    private int? SoleConsumer(int value) => !_outputs.Contains(value) && _consumers[value] is [var only] ? only : null;

    private int Absorb(int index)
    {
        _absorbed[index] = true;
        return index + 1;
    }

    private void Emit(PlanStep step)
    {
        _steps.Add(step);
        _available[step.Output.Id] = true;
    }

    private Value ValueOf(int id) => new(id, _graph.ShapeOf(id));

    private static bool IsPointwise(Layer layer) =>
        layer is LinearLayer or ConvolutionLayer { Geometry: { Groups: 1, Window.IsPointwise: true } };

    private ConvolutionGeometry GeometryOf(Layer layer)
    {
        var channels = _graph.ShapeOf(layer.Inputs[0]).Channels;
        return layer switch
        {
            ConvolutionLayer convolution => convolution.Geometry,
            LinearLayer => new(Window.Pointwise, channels, 1),
            _ => new(Window.Pointwise, channels, channels),
        };
    }

    private FoldedLayer FoldedOf(Layer layer) =>
        layer switch
        {
            ConvolutionLayer convolution => FoldedLayer.Of(_model.Weights, convolution.Weight, convolution.Bias),
            LinearLayer linear => FoldedLayer.Of(_model.Weights, linear.Weight, linear.Bias),
            BatchNormLayer norm => FoldedLayer.Unit(norm.Output.Channels).Fold(_model.Weights, norm),
            _ => throw new NotSupportedException($"Layer '{layer.Name}' has no weights to fold."),
        };
}
