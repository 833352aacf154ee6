using ILGpuMobileNet.Kernels;

namespace ILGpuMobileNet.Reference.Operations;

/// <summary>Every operation as its formula says, one element after the other in double precision. NHWC.</summary>
public static class ReferenceOperations
{
    /// <summary>An activation.</summary>
    public static double Activate(Activation activation, double x) =>
        activation.Kind switch
        {
            ActivationKind.Identity => x,
            ActivationKind.Relu => Math.Max(x, 0),
            ActivationKind.Relu6 => Math.Min(Math.Max(x, 0), 6),
            ActivationKind.HardSwish => x * Math.Min(Math.Max(x + 3, 0), 6) / 6,
            ActivationKind.HardSigmoid => Math.Min(Math.Max(activation.Slope * x + 0.5, 0), 1),
            ActivationKind.Sigmoid => 1 / (1 + Math.Exp(-x)),
            ActivationKind.Silu => x / (1 + Math.Exp(-x)),
            _ => throw new ArgumentOutOfRangeException(nameof(activation)),
        };

    /// <summary><c>act(conv(x · gate) + b) + residual</c>, <c>[N, H, W, O]</c>.</summary>
    public static double[] Convolution(ConvolutionTest test) =>
        Convolution(test, new(test.InputValues(), test.WeightValues(), test.BiasValues()));

    /// <summary>The convolution of a case on values of the caller's.</summary>
    public static double[] Convolution(ConvolutionTest test, ConvolutionValues values)
    {
        ArgumentNullException.ThrowIfNull(test);
        var (input, weights, bias) = values;
        var (gate, residual) = (test.GateValues(), test.ResidualValues());
        var result = new double[test.Batch * test.Output.ElementCount];
        var at = 0;
        foreach (var (n, y, x) in Pixels(test.Batch, test.Output))
        {
            for (var o = 0; o < test.OutputChannels; o++, at++)
            {
                var sum = (double)bias[o];
                foreach (var (tap, pixel) in Taps(test.Window, test.Input, y, x))
                {
                    sum += Dot(test, o, tap, c => Input(n, pixel, c), weights);
                }
                result[at] = Activate(test.Activation, sum) + (residual?[at] ?? 0);
            }
        }
        return result;

        double Input(int n, int pixel, int c) =>
            (double)input[(n * test.Input.PixelCount + pixel) * test.Input.Channels + c]
            * (gate?[n * test.Input.Channels + c] ?? 1);
    }

    /// <summary>Maximum or mean over a window.</summary>
    public static double[] Pool(PoolKind kind, FeatureShape shape, Window window, int batch, float[] input)
    {
        var (height, width) = window.OutputExtent(shape.Height, shape.Width);
        var result = new List<double>();
        foreach (var (n, y, x) in Pixels(batch, new(height, width, shape.Channels)))
        {
            for (var c = 0; c < shape.Channels; c++)
            {
                var values = Taps(window, shape, y, x)
                    .Select(tap => (double)input[(n * shape.PixelCount + tap.Pixel) * shape.Channels + c])
                    .ToList();
                result.Add(
                    kind switch
                    {
                        PoolKind.Max => values.Max(),
                        PoolKind.Average => values.Average(),
                        _ => values.Sum() / window.TapCount,
                    }
                );
            }
        }
        return [.. result];
    }

    /// <summary>Mean over all positions, <c>[N, C]</c>.</summary>
    public static double[] GlobalAveragePool(FeatureShape shape, int batch, float[] input)
    {
        var result = new double[batch * shape.Channels];
        for (var i = 0; i < input.Length; i++)
        {
            result[i / shape.ElementCount * shape.Channels + i % shape.Channels] += input[i] / (double)shape.PixelCount;
        }
        return result;
    }

    /// <summary>Channels copied from one map into another, which is given back.</summary>
    public static T[] CopyChannels<T>(
        (T[] Values, int Channels) input,
        (T[] Values, int Channels) output,
        IEnumerable<ChannelRun> runs
    )
    {
        var channels = runs.SelectMany(run =>
            Enumerable
                .Range(0, run.Count)
                .Select(i => (From: run.InputFirst + i * run.InputStep, To: run.OutputFirst + i * run.OutputStep))
        );
        foreach (var (from, to) in channels.ToList())
        {
            for (var pixel = 0; pixel < input.Values.Length / input.Channels; pixel++)
            {
                output.Values[pixel * output.Channels + to] = input.Values[pixel * input.Channels + from];
            }
        }
        return output.Values;
    }

    /// <summary>Softmax over the channels of each pixel.</summary>
    public static double[] Softmax(int channels, float[] input) =>
        [
            .. input
                .Chunk(channels)
                .SelectMany(logits =>
                {
                    var exponentials = logits.Select(logit => Math.Exp((double)logit - logits.Max())).ToArray();
                    return exponentials.Select(value => value / exponentials.Sum());
                }),
        ];

    /// <summary>One fully connected layer on <c>[N, I]</c>, weights <c>[O, I]</c>.</summary>
    public static double[] Linear(double[] input, float[] weights, float[] bias, Activation activation)
    {
        var inputs = weights.Length / bias.Length;
        return
        [
            .. input
                .Chunk(inputs)
                .SelectMany(x => bias.Select((b, o) => b + x.Select((v, i) => v * weights[o * inputs + i]).Sum()))
                .Select(x => Activate(activation, x)),
        ];
    }

    private static IEnumerable<(int N, int Y, int X)> Pixels(int batch, FeatureShape shape) =>
        from n in Enumerable.Range(0, batch)
        from y in Enumerable.Range(0, shape.Height)
        from x in Enumerable.Range(0, shape.Width)
        select (n, y, x);

    private static IEnumerable<(int Tap, int Pixel)> Taps(Window window, FeatureShape input, int y, int x) =>
        from ky in Enumerable.Range(0, window.Kernel.Height)
        from kx in Enumerable.Range(0, window.Kernel.Width)
        let row = y * window.Stride.Height - window.Padding.Top + ky * window.Dilation.Height
        let column = x * window.Stride.Width - window.Padding.Left + kx * window.Dilation.Width
        where row >= 0 && row < input.Height && column >= 0 && column < input.Width
        select (ky * window.Kernel.Width + kx, row * input.Width + column);

    private static double Dot(ConvolutionTest test, int o, int tap, Func<int, double> input, float[] weights)
    {
        var perGroup = test.Input.Channels / test.Groups;
        var first = o / (test.OutputChannels / test.Groups) * perGroup;
        var sum = 0.0;
        for (var i = 0; i < perGroup; i++)
        {
            sum += input(first + i) * weights[(o * perGroup + i) * test.Window.TapCount + tap];
        }
        return sum;
    }
}
