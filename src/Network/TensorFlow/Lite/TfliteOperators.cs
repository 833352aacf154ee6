using System.Collections.Frozen;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Network.TensorFlow;

/// <summary>The operators of TensorFlow Lite that are read.</summary>
internal static class TfliteOperators
{
    private static readonly FrozenDictionary<TfliteOperatorCode, Action<TfliteOperator>> _imports = new Dictionary<
        TfliteOperatorCode,
        Action<TfliteOperator>
    >
    {
        [TfliteOperatorCode.ADD] = Arithmetic("Add"),
        [TfliteOperatorCode.ADD_N] = each => each.Graph.Values.Sum(each.Origin, each.Names(each.Inputs.Length)),
        [TfliteOperatorCode.AVERAGE_POOL_2D] = Pool("AveragePool"),
        [TfliteOperatorCode.CONCATENATION] = Concatenation,
        [TfliteOperatorCode.CONV_2D] = Convolution,
        [TfliteOperatorCode.DEPTHWISE_CONV_2D] = DepthwiseConvolution,
        [TfliteOperatorCode.DEQUANTIZE] = each => each.Graph.Values.Alias(each.Origin, each.Names(1)[0]),
        [TfliteOperatorCode.DIV] = Arithmetic("Div"),
        [TfliteOperatorCode.FULLY_CONNECTED] = FullyConnected,
        [TfliteOperatorCode.HARD_SWISH] = Activation("HardSwish"),
        [TfliteOperatorCode.LOGISTIC] = Activation("Sigmoid"),
        [TfliteOperatorCode.MAXIMUM] = Compared("Max"),
        [TfliteOperatorCode.MAX_POOL_2D] = Pool("MaxPool"),
        [TfliteOperatorCode.MEAN] = Mean,
        [TfliteOperatorCode.MINIMUM] = Compared("Min"),
        [TfliteOperatorCode.MUL] = Arithmetic("Mul"),
        [TfliteOperatorCode.PAD] = Pad,
        [TfliteOperatorCode.PADV2] = Pad,
        [TfliteOperatorCode.RELU] = Activation("Relu"),
        [TfliteOperatorCode.RELU6] = Activation("Clip"),
        [TfliteOperatorCode.RESHAPE] = Reshape,
        [TfliteOperatorCode.SOFTMAX] = Softmax,
        [TfliteOperatorCode.SPLIT] = each => Split(each, value: 1, axis: 0),
        [TfliteOperatorCode.SPLIT_V] = each => Split(each, value: 0, axis: 2, each.Input(1).Integers()),
        [TfliteOperatorCode.SQUEEZE] = Squeeze,
        [TfliteOperatorCode.STRIDED_SLICE] = StridedSlice,
        [TfliteOperatorCode.SUB] = Arithmetic("Sub"),
        [TfliteOperatorCode.TRANSPOSE] = each =>
            each.Graph.Values.Transpose(each.Origin, each.Names(1)[0], each.Input(1).Integers()),
    }.ToFrozenDictionary();

    /// <summary>Translates an operator.</summary>
    /// <param name="each">The operator, a supported one.</param>
    public static void Import(TfliteOperator each) => _imports[each.Code](each);

    /// <summary>Checks that all operators are known.</summary>
    /// <param name="operators">The operators.</param>
    /// <param name="source">Path of the file.</param>
    /// <exception cref="ModelFormatException">Names every unsupported operator with its first output.</exception>
    public static void CheckSupported(IEnumerable<TfliteOperator> operators, string source) =>
        UnsupportedOperators.Check(
            operators
                .Where(each => !_imports.ContainsKey(each.Code))
                .Select(each => (each.OperatorName, each.Output.Name)),
            _imports.Keys.Select(code => code.ToString()),
            source
        );

    private static Action<TfliteOperator> Arithmetic(string node) =>
        each =>
        {
            var inputs = each.Names(2);
            each.Graph.Values.Activated(
                each.Origin,
                each.Fused(0),
                origin => each.Graph.Values.Arithmetic(origin, node, inputs)
            );
        };

    private static Action<TfliteOperator> Compared(string node) =>
        each => each.Graph.Values.Arithmetic(each.Origin, node, each.Names(2));

    private static Action<TfliteOperator> Activation(string node) =>
        each => each.Graph.Values.Activation(each.Origin, each.Names(1)[0], node);

    private static Action<TfliteOperator> Pool(string node) =>
        each =>
        {
            var window = each.Window() with { Kernel = each.Extent(4, 3, absent: 0) };
            var input = each.Names(1)[0];
            each.Graph.Values.Activated(
                each.Origin,
                each.Fused(5),
                origin => each.Graph.Values.Pool(origin, input, node, window)
            );
        };

    private static void Concatenation(TfliteOperator each)
    {
        var (inputs, axis) = (each.Names(each.Inputs.Length), each.Options?.Integer(0) ?? 0);
        each.Graph.Values.Activated(
            each.Origin,
            each.Fused(1),
            origin => each.Graph.Values.Concat(origin, inputs, axis)
        );
    }

    private static void Split(TfliteOperator each, int value, int axis, params long[] sizes)
    {
        var outputs = Array.ConvertAll(each.Outputs, index => each.Graph.Tensor(index).Name);
        var input = each.Graph.Declared(each.Input(value));
        var along = each.Input(axis).Integers();
        each.Graph.Values.Split(
            each.Origin,
            outputs,
            input,
            along is [var single] ? single : throw each.Fault($"has {along.Length} axes, expected one."),
            sizes
        );
    }

    private static void Convolution(TfliteOperator each)
    {
        var window = each.Window() with { Dilation = each.Extent(5, 4, absent: 1) };
        var inputs = each.Names(2, optional: 1);
        each.Graph.Values.Activated(
            each.Origin,
            each.Fused(3),
            // A filter [O, H, W, I].
            origin => each.Graph.Values.Convolution(origin, inputs, [0, 3, 1, 2], window)
        );
    }

    private static void DepthwiseConvolution(TfliteOperator each)
    {
        var window = each.Window() with { Dilation = each.Extent(6, 5, absent: 1) };
        var inputs = each.Names(2, optional: 1);
        // Runtimes of today take the multiplier from the shapes and pass over the field that says it.
        var channels = each.Input(0).Shape is [.., >= 1 and var last] ? last : 1;
        each.Graph.Values.Activated(
            each.Origin,
            each.Fused(4),
            origin => each.Graph.Values.DepthwiseConvolution(origin, inputs, channels, window)
        );
    }

    private static void FullyConnected(TfliteOperator each)
    {
        var keepsAxes = each.Options?.Byte(2) is > 0 && each.Input(0).Shape.Length != 2;
        if (each.Options?.Byte(1) is > 0 || keepsAxes)
        {
            throw each.Fault("has shuffled weights or keeps several axes, expected a layer on [N, C].");
        }
        var inputs = each.Names(2, optional: 1);
        each.Graph.Values.Activated(
            each.Origin,
            each.Fused(0),
            origin => each.Graph.Values.Linear(origin, inputs, isOutputFirst: true)
        );
    }

    private static void Mean(TfliteOperator each) =>
        each.Graph.Values.Mean(
            each.Origin,
            each.Names(1)[0],
            each.Input(1).Integers(),
            keepsAxes: each.Options?.Byte(0) is > 0
        );

    private static void Pad(TfliteOperator each)
    {
        if (each.HasInput(2) && !each.Input(2).IsZero)
        {
            throw each.Fault("pads with something else than zeros.");
        }
        each.Graph.Values.Pad(each.Origin, each.Names(1)[0], each.Input(1).Integers());
    }

    private static void Reshape(TfliteOperator each)
    {
        var (before, after) = (each.Input(0).Shape, each.Output.Shape);
        if (before is not [var batch, ..] || after is not [var same, .. var rest] || batch != same)
        {
            throw each.Fault(
                $"reshapes [{string.Join(", ", before)}] to [{string.Join(", ", after)}]; expected the batch first in both."
            );
        }
        // 0 copies the batch, whatever it is.
        each.Graph.Values.Reshape(each.Origin, each.Names(1)[0], [0, .. rest]);
    }

    private static void Softmax(TfliteOperator each)
    {
        if (each.Options?.Single(0) is { } beta && beta != 1)
        {
            throw each.Fault($"has beta {beta}, expected 1.");
        }
        each.Graph.Values.InOwnOrder(each.Origin, "Softmax", each.Names(1), NodeAttribute.Of("axis", -1));
    }

    private static void StridedSlice(TfliteOperator each)
    {
        int Mask(int field) => each.Options?.Integer(field) ?? 0;
        long[][] bounds = [each.Input(1).Integers(), each.Input(2).Integers(), each.Input(3).Integers()];
        var keepsAxes = Mask(3) == 0 && Mask(4) == 0;
        var ranges = keepsAxes ? TensorRange.Of(bounds, (Mask(0), Mask(1), Mask(2))) : null;
        each.Graph.Values.Slice(
            each.Origin,
            each.Names(1)[0],
            ranges ?? throw each.Fault("adds an axis or takes one away, or slices with a step.")
        );
    }

    private static void Squeeze(TfliteOperator each)
    {
        var axes = Array.ConvertAll(each.Options?.Integers(0) ?? [], axis => (long)axis);
        each.Graph.Values.Squeeze(each.Origin, each.Names(1)[0], axes);
    }
}
