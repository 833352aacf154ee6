using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Graph;
using ILGpuMobileNet.Reference.Operations;

namespace ILGpuMobileNet.Network.Tests.Execution;

/// <summary>
/// Small graphs of every kind of layer in any order: branches, values that several layers read, layers that the output
/// does not need, weights that two layers share, windows larger than the input. The same seed gives the same graph.
/// </summary>
internal sealed class RandomGraph
{
    private const int LayerCount = 12;
    private const int MaximalOutputExtent = 12;

    private static readonly int[] s_channels = [1, 2, 3, 4, 8, 13, 16, 17, 33, 64];

    private static readonly Activation[] s_activations = [.. ConvolutionTests.Activations];

    private readonly Random _random;
    private readonly GraphBuilder _graph;
    private readonly List<Value> _values = [];
    private readonly Dictionary<string, string> _sharedWeights = [];
    private int _layerCount;

    private RandomGraph(int seed)
    {
        _random = new(seed);
        _graph = new($"random {seed}", new(_random.Next(1, 10), _random.Next(1, 10), AnyChannels()));
        _values.Add(_graph.Input);
    }

    public static NetworkGraph Create(int seed)
    {
        var random = new RandomGraph(seed);
        while (random._values.Count <= LayerCount)
        {
            random.AppendAny();
        }
        return random._graph.Build(random.Output());
    }

    private string NextName() => $"layer{_layerCount++}";

    private void AppendAny()
    {
        var value = AnyValue();
        switch (_random.Next(17))
        {
            case 0 or 1:
                Keep(Convolution(value, AnyGroups(value.Shape.Channels)));
                break;
            case 2 or 3:
                Keep(Convolution(value, value.Shape.Channels));
                break;
            case 4 or 5:
                Keep(Pointwise(value, AnyChannels()));
                break;
            case 6:
                Keep(_graph.BatchNorm(NextName(), value, 1e-3));
                break;
            case 7 or 8:
                Keep(_graph.Activation(NextName(), value, Any(s_activations)));
                break;
            case 9:
                Keep(_graph.Add(NextName(), value, Any([.. _values.Where(other => other.Shape == value.Shape)])));
                break;
            case 10:
                Keep(SqueezeExcite(value));
                break;
            case 11:
                Keep(_graph.Scale(NextName(), value, Gate(value)));
                break;
            case 12:
                Keep(Pool(value));
                break;
            case 13:
                Keep(Concat(value));
                break;
            case 14:
                Keep(Slice(value));
                break;
            case 15:
                Keep(_graph.ShuffleChannels(NextName(), value, AnyGroups(value.Shape.Channels)));
                break;
            default:
                Keep(Head(value));
                break;
        }
    }

    private Value Keep(Value? value)
    {
        if (value is { } kept && !_values.Contains(kept))
        {
            _values.Add(kept);
        }
        return _values[^1];
    }

    private Value? Convolution(Value input, int groups)
    {
        var channels = groups == input.Shape.Channels && _random.Next(4) > 0 ? groups : groups * _random.Next(1, 9);
        return AnyWindow(input.Shape, allowsEmpty: true) is { } window
            ? _graph.Convolution(NextName(), input, channels, window, new(groups, _random.Next(2) == 0))
            : null;
    }

    private Value Pointwise(Value input, int channels)
    {
        // Layers of one shape sometimes share their weights.
        var shape = $"{input.Shape.Channels}x{channels}";
        var shared = _random.Next(3) == 0 ? _sharedWeights.GetValueOrDefault(shape) : null;
        var name = NextName();
        _sharedWeights[shape] = shared ?? $"{name}.weight";
        return _graph.Convolution(
            name,
            input,
            channels,
            Window.Pointwise,
            new(HasBias: _random.Next(2) == 0, WeightName: shared)
        );
    }

    private Value SqueezeExcite(Value features)
    {
        var value = Keep(_graph.GlobalAveragePool(NextName(), features));
        value = Keep(Pointwise(value, AnyChannels()));
        value = _random.Next(3) > 0 ? Keep(_graph.Activation(NextName(), value, Any(s_activations))) : value;
        value = Keep(Pointwise(value, features.Shape.Channels));
        value = _random.Next(3) > 0 ? Keep(_graph.Activation(NextName(), value, Any(s_activations))) : value;
        value = Keep(_graph.Scale(NextName(), features, value));
        return _random.Next(2) == 0 ? Pointwise(value, AnyChannels()) : value;
    }

    private Value Gate(Value features)
    {
        Value[] gates = [.. _values.Where(value => value.Shape == new FeatureShape(1, 1, features.Shape.Channels))];
        return gates.Length > 0 && _random.Next(2) == 0
            ? Any(gates)
            : Keep(_graph.GlobalAveragePool(NextName(), features));
    }

    private Value? Pool(Value input) =>
        AnyWindow(input.Shape, allowsEmpty: false) is { } window
            ? _graph.Pool(NextName(), input, Any(Enum.GetValues<PoolKind>()), window)
            : null;

    private Value Concat(Value first)
    {
        Value[] fitting =
        [
            .. _values.Where(other => other.Shape with { Channels = first.Shape.Channels } == first.Shape),
        ];
        var rest = Enumerable.Range(0, _random.Next(1, 4)).Select(_ => Any(fitting));
        return _graph.Concat(NextName(), [first, .. rest]);
    }

    private Value Slice(Value input)
    {
        var first = _random.Next(input.Shape.Channels);
        return _graph.SliceChannels(NextName(), input, first, _random.Next(1, input.Shape.Channels - first + 1));
    }

    private Value Head(Value input)
    {
        if (_random.Next(3) == 0)
        {
            return _graph.Softmax(NextName(), input);
        }
        var mean = input.Shape.PixelCount == 1 ? input : Keep(_graph.GlobalAveragePool(NextName(), input));
        return _graph.Linear(NextName(), mean, AnyChannels(), _random.Next(2) == 0);
    }

    private Window? AnyWindow(FeatureShape input, bool allowsEmpty)
    {
        Extent AnyExtent(int largest) => new(_random.Next(1, largest + 1), _random.Next(1, largest + 1));
        var (kernel, stride, dilation) = (AnyExtent(4), AnyExtent(3), AnyExtent(_random.Next(3) == 0 ? 2 : 1));
        var largest = allowsEmpty ? 4 : Math.Min(kernel.Height, kernel.Width) - 1;
        int AnyPadding() => _random.Next(largest + 1);
        dilation = allowsEmpty ? dilation : Extent.Square(1);
        var window = new Window(kernel, stride, dilation, new(AnyPadding(), AnyPadding(), AnyPadding(), AnyPadding()));
        try
        {
            var (height, width) = window.OutputExtent(input.Height, input.Width);
            return Math.Max(height, width) <= MaximalOutputExtent ? window : null;
        }
        catch (ArgumentException)
        {
            return null; // it does not fit
        }
    }

    private Value Output() => _random.Next(3) == 0 ? Any([.. _values.Skip(1)]) : _values[^1];

    private Value AnyValue() => _random.Next(3) == 0 ? Any([.. _values]) : _values[^1];

    private int AnyGroups(int channels) => Any([.. Enumerable.Range(1, channels).Where(n => channels % n == 0)]);

    private int AnyChannels() => Any(s_channels);

    private T Any<T>(T[] choices) => choices[_random.Next(choices.Length)];
}
