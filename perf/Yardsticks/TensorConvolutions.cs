using System.Numerics.Tensors;
using ILGpuMobileNet.Reference.Operations;

namespace ILGpuMobileNet.Benchmarks.Yardsticks;

/// <summary>Convolutions from calls of System.Numerics.Tensors, for one image; see <see cref="TensorOperations"/>.</summary>
internal static class TensorConvolutions
{
    /// <summary>A dot product for each output element, over its window gathered into one piece.</summary>
    public static Yardstick Convolution(ConvolutionTest test)
    {
        var values = new ConvolutionValues(test.InputValues(), test.TapMajorWeights(), test.BiasValues());
        var taps = WindowTaps.Of(test.Window, test.Input);
        var window = new float[test.FanIn]; // [kH, kW, I]
        return Yardstick.Into(
            test.Output.ElementCount,
            output =>
            {
                for (var pixel = 0; pixel < taps.Length; pixel++)
                {
                    Gather(values.Input, taps[pixel], test.Input.Channels, window);
                    var pixelOutput = output.AsSpan(pixel * test.OutputChannels, test.OutputChannels);
                    Linear(window, values.Weights, values.Bias, pixelOutput);
                }
            }
        );
    }

    /// <summary>The same where a window is one pixel, which is read where it lies.</summary>
    public static Yardstick Pointwise(ConvolutionTest test)
    {
        var values = new ConvolutionValues(test.InputValues(), test.WeightValues(), test.BiasValues());
        return Yardstick.Into(
            test.Output.ElementCount,
            output =>
            {
                for (var pixel = 0; pixel < (int)test.Input.PixelCount; pixel++)
                {
                    var pixelInput = values.Input.AsSpan(pixel * test.FanIn, test.FanIn);
                    var pixelOutput = output.AsSpan(pixel * test.OutputChannels, test.OutputChannels);
                    Linear(pixelInput, values.Weights, values.Bias, pixelOutput);
                }
            }
        );
    }

    /// <summary>A dot product for each output channel of a pixel with the inputs of its group.</summary>
    public static Yardstick GroupedPointwise(ConvolutionTest test)
    {
        var values = new ConvolutionValues(test.InputValues(), test.WeightValues(), test.BiasValues());
        var perGroup = test.OutputChannels / test.Groups;
        return Yardstick.Into(
            test.Output.ElementCount,
            output =>
            {
                for (var at = 0; at < output.Length; at++)
                {
                    var (pixel, o) = Math.DivRem(at, test.OutputChannels);
                    var first = pixel * test.Input.Channels + o / perGroup * test.FanIn;
                    var inputs = values.Input.AsSpan(first, test.FanIn);
                    var weights = values.Weights.AsSpan(o * test.FanIn, test.FanIn);
                    output[at] = values.Bias[o] + TensorPrimitives.Dot<float>(inputs, weights);
                }
            }
        );
    }

    /// <summary>A multiply-add of all channels for each tap.</summary>
    public static Yardstick Depthwise(ConvolutionTest test)
    {
        var (input, bias, channels) = (test.InputValues(), test.BiasValues(), test.Input.Channels);
        var weights = Transpose(test.WeightValues(), test.Window.TapCount); // [kH, kW, C]
        var taps = WindowTaps.Of(test.Window, test.Input);
        return Yardstick.Into(
            test.Output.ElementCount,
            output =>
            {
                for (var pixel = 0; pixel < taps.Length; pixel++)
                {
                    var sums = output.AsSpan(pixel * channels, channels);
                    bias.CopyTo(sums);
                    foreach (var tap in taps[pixel])
                    {
                        var x = input.AsSpan(tap.Pixel * channels, channels);
                        TensorPrimitives.MultiplyAdd(x, weights.AsSpan(tap.Index * channels, channels), sums, sums);
                    }
                }
            }
        );
    }

    /// <summary>A fully connected layer, weights <c>[O, I]</c>.</summary>
    public static void Linear(ReadOnlySpan<float> x, float[] weights, float[] bias, Span<float> y)
    {
        for (var o = 0; o < y.Length; o++)
        {
            y[o] = bias[o] + TensorPrimitives.Dot(x, weights.AsSpan(o * x.Length, x.Length));
        }
    }

    private static void Gather(float[] input, WindowTap[] taps, int channels, float[] window)
    {
        Array.Clear(window);
        foreach (var tap in taps)
        {
            input.AsSpan(tap.Pixel * channels, channels).CopyTo(window.AsSpan(tap.Index * channels));
        }
    }

    private static float[] Transpose(float[] rows, int rowLength)
    {
        var count = rows.Length / rowLength;
        return [.. Enumerable.Range(0, rows.Length).Select(i => rows[i % count * rowLength + i / count])];
    }
}
