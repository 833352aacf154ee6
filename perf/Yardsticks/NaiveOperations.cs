using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Reference.Operations;

namespace ILGpuMobileNet.Benchmarks.Yardsticks;

/// <summary>Every operation as a plain loop in single precision, for one image; the reference in double is for tests only.</summary>
internal static class NaiveOperations
{
    public static Yardstick Convolution(ConvolutionTest test)
    {
        var values = new ConvolutionValues(test.InputValues(), test.WeightValues(), test.BiasValues());
        var taps = WindowTaps.Of(test.Window, test.Input);
        return Yardstick.Into(test.Output.ElementCount, output => Convolve(test, values, taps, output));
    }

    public static Yardstick MaxPool(PoolTest test)
    {
        var input = test.InputValues();
        var taps = WindowTaps.Of(test.Window, test.Input);
        return Yardstick.Into(test.Output.ElementCount, output => MaxPool(input, taps, test.Input.Channels, output));
    }

    public static Yardstick GlobalAveragePool(FeatureShape shape)
    {
        var input = TestValues.Uniform(1, shape.ElementCount);
        return Yardstick.Into(shape.Channels, means => ChannelMeans(input, means));
    }

    public static Yardstick Softmax(FeatureShape shape)
    {
        var logits = TestValues.Uniform(1, shape.ElementCount);
        return Yardstick.Into(logits.Length, scores => Softmax(logits, scores));
    }

    public static Yardstick Silu(FeatureShape shape)
    {
        var input = TestValues.Uniform(1, shape.ElementCount);
        return Yardstick.Into(
            input.Length,
            output =>
            {
                for (var i = 0; i < input.Length; i++)
                {
                    output[i] = input[i] / (1 + MathF.Exp(-input[i]));
                }
            }
        );
    }

    public static Yardstick SqueezeExcite(SqueezeExciteTest test)
    {
        var input = test.InputValues();
        var (reduce, reduceBias) = (test.ReduceWeights(), test.ReduceBias());
        var (expand, expandBias) = (test.ExpandWeights(), test.ExpandBias());
        var (means, squeezed) = (new float[test.Input.Channels], new float[test.Squeezed]);
        return Yardstick.Into(
            test.Input.Channels,
            gate =>
            {
                ChannelMeans(input, means);
                Linear(means, reduce, reduceBias, squeezed, x => MathF.Max(x, 0));
                Linear(squeezed, expand, expandBias, gate, x => Math.Clamp(x / 6 + 0.5f, 0, 1));
            }
        );
    }

    public static Yardstick PadChannels(FeatureShape shape, int stride)
    {
        var (packed, channels) = (TestValues.Uniform(1, shape.ElementCount), shape.Channels);
        var padded = new float[shape.PixelCount * stride];
        return new(() => PadChannels(packed, channels, padded, stride), () => Channels(padded, stride, channels));
    }

    public static Yardstick CopyChannels(ChannelCopyTest test)
    {
        var input = test.InputValues();
        return Yardstick.Into(
            test.Output.ElementCount,
            output =>
            {
                for (var pixel = 0; pixel < test.Input.PixelCount; pixel++)
                {
                    foreach (var run in test.Runs)
                    {
                        for (var i = 0; i < run.Count; i++)
                        {
                            output[pixel * test.OutputChannels + run.OutputFirst + i * run.OutputStep] = input[
                                pixel * test.Input.Channels + run.InputFirst + i * run.InputStep
                            ];
                        }
                    }
                }
            }
        );
    }

    /// <summary>The largest values of every row, in descending order.</summary>
    public static Yardstick TopK(TopKTest test)
    {
        var input = test.InputValues();
        var rest = new float[test.Channels];
        return Yardstick.Into(
            test.Batch * test.Count,
            largest =>
            {
                for (var i = 0; i < largest.Length; i++)
                {
                    if (i % test.Count == 0)
                    {
                        Array.Copy(input, i / test.Count * test.Channels, rest, 0, test.Channels);
                    }
                    largest[i] = TakeLargest(rest);
                }
            }
        );
    }

    /// <summary>The channels of padded pixels.</summary>
    public static float[] Channels(float[] padded, int stride, int channels) =>
        [.. padded.Chunk(stride).SelectMany(pixel => pixel.Take(channels))];

    private static void Convolve(
        ConvolutionTest test,
        in ConvolutionValues values,
        WindowTap[][] taps,
        float[] output // [H, W, O]
    )
    {
        var (groups, outputs, tapCount) = (test.Groups, test.OutputChannels, test.Window.TapCount);
        var inputs = test.Input.Channels / groups; // of a group
        for (var i = 0; i < output.Length; i++)
        {
            var (pixel, o) = Math.DivRem(i, outputs);
            var first = o / (outputs / groups) * inputs;
            var weights = values.Weights.AsSpan(o * test.FanIn, test.FanIn); // [I, kH, kW]
            var sum = values.Bias[o];
            foreach (var tap in taps[pixel])
            {
                var x = values.Input.AsSpan(tap.Pixel * test.Input.Channels + first, inputs);
                for (var c = 0; c < x.Length; c++)
                {
                    sum += x[c] * weights[c * tapCount + tap.Index];
                }
            }
            output[i] = sum;
        }
    }

    private static void MaxPool(float[] input, WindowTap[][] taps, int channels, float[] output)
    {
        for (var i = 0; i < output.Length; i++)
        {
            var (pixel, c) = Math.DivRem(i, channels);
            var max = float.NegativeInfinity;
            foreach (var tap in taps[pixel])
            {
                max = MathF.Max(max, input[tap.Pixel * channels + c]);
            }
            output[i] = max;
        }
    }

    private static void ChannelMeans(float[] input, float[] means)
    {
        Array.Clear(means);
        for (var first = 0; first < input.Length; first += means.Length)
        {
            for (var c = 0; c < means.Length; c++)
            {
                means[c] += input[first + c];
            }
        }
        for (var c = 0; c < means.Length; c++)
        {
            means[c] /= input.Length / means.Length;
        }
    }

    private static void Softmax(float[] logits, float[] scores)
    {
        var max = logits.Max();
        var sum = 0f;
        for (var c = 0; c < logits.Length; c++)
        {
            scores[c] = MathF.Exp(logits[c] - max);
            sum += scores[c];
        }
        for (var c = 0; c < logits.Length; c++)
        {
            scores[c] /= sum;
        }
    }

    private static void Linear(float[] x, float[] weights, float[] bias, float[] y, Func<float, float> activation)
    {
        for (var o = 0; o < y.Length; o++)
        {
            var sum = bias[o];
            for (var i = 0; i < x.Length; i++)
            {
                sum += x[i] * weights[o * x.Length + i];
            }
            y[o] = activation(sum);
        }
    }

    private static void PadChannels(float[] packed, int channels, float[] padded, int stride)
    {
        for (var i = 0; i < packed.Length; i++)
        {
            var (pixel, c) = Math.DivRem(i, channels);
            padded[pixel * stride + c] = packed[i];
        }
    }

    private static float TakeLargest(float[] rest)
    {
        var best = 0;
        for (var c = 1; c < rest.Length; c++)
        {
            best = rest[c] > rest[best] ? c : best;
        }
        var largest = rest[best];
        rest[best] = float.NegativeInfinity;
        return largest;
    }
}
