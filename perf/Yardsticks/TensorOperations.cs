using System.Numerics.Tensors;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Reference.Operations;

namespace ILGpuMobileNet.Benchmarks.Yardsticks;

/// <summary>
/// Every operation from the calls of System.Numerics.Tensors that come closest to it, for one image: what a program
/// would write that has .NET's own vectorised operations and no library of kernels.
/// </summary>
internal static class TensorOperations
{
    public static Yardstick MaxPool(PoolTest test)
    {
        var (input, channels) = (test.InputValues(), test.Input.Channels);
        var taps = WindowTaps.Of(test.Window, test.Input);
        return Yardstick.Into(
            test.Output.ElementCount,
            output =>
            {
                Array.Fill(output, float.NegativeInfinity);
                for (var pixel = 0; pixel < taps.Length; pixel++)
                {
                    var max = output.AsSpan(pixel * channels, channels);
                    foreach (var tap in taps[pixel])
                    {
                        TensorPrimitives.Max(input.AsSpan(tap.Pixel * channels, channels), max, max);
                    }
                }
            }
        );
    }

    public static Yardstick GlobalAveragePool(FeatureShape shape)
    {
        var input = TestValues.Uniform(1, shape.ElementCount);
        return Yardstick.Into(shape.Channels, means => ChannelMeans(input, means));
    }

    public static Yardstick Softmax(FeatureShape shape)
    {
        var logits = TestValues.Uniform(1, shape.ElementCount);
        return Yardstick.Into(logits.Length, scores => TensorPrimitives.SoftMax(logits, scores));
    }

    public static Yardstick Silu(FeatureShape shape)
    {
        var input = TestValues.Uniform(1, shape.ElementCount);
        return Yardstick.Into(
            input.Length,
            output =>
            {
                TensorPrimitives.Sigmoid(input, output);
                TensorPrimitives.Multiply(output, input, output);
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
                TensorConvolutions.Linear(means, reduce, reduceBias, squeezed);
                TensorPrimitives.Max(squeezed, 0, squeezed);
                TensorConvolutions.Linear(squeezed, expand, expandBias, gate);
                TensorPrimitives.Multiply(gate, 1f / 6, gate);
                TensorPrimitives.Add(gate, 0.5f, gate);
                TensorPrimitives.Clamp(gate, 0, 1, gate);
            }
        );
    }

    /// <summary>A copy between tensors of which one has gaps.</summary>
    public static Yardstick PadChannels(FeatureShape shape, int stride)
    {
        var packed = TestValues.Uniform(1, shape.ElementCount);
        var padded = new float[shape.PixelCount * stride];
        nint[] lengths = [(nint)shape.PixelCount, shape.Channels];
        return new(
            () => new ReadOnlyTensorSpan<float>(packed, lengths).CopyTo(new(padded, lengths, [stride, 1])),
            () => NaiveOperations.Channels(padded, stride, shape.Channels)
        );
    }

    /// <summary>A copy between strided spans for each run of channels.</summary>
    public static Yardstick CopyChannels(ChannelCopyTest test)
    {
        var input = test.InputValues();
        return Yardstick.Into(
            test.Output.ElementCount,
            output =>
            {
                foreach (var run in test.Runs)
                {
                    nint[] lengths = [(nint)test.Input.PixelCount, run.Count];
                    new ReadOnlyTensorSpan<float>(
                        input.AsSpan(run.InputFirst),
                        lengths,
                        [test.Input.Channels, run.InputStep]
                    ).CopyTo(new(output.AsSpan(run.OutputFirst), lengths, [test.OutputChannels, run.OutputStep]));
                }
            }
        );
    }

    /// <summary>The largest of the rest, as often as wanted.</summary>
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
                        input.AsSpan(i / test.Count * test.Channels, test.Channels).CopyTo(rest);
                    }
                    var best = TensorPrimitives.IndexOfMax<float>(rest);
                    (largest[i], rest[best]) = (rest[best], float.NegativeInfinity);
                }
            }
        );
    }

    private static void ChannelMeans(float[] input, float[] means)
    {
        Array.Clear(means);
        for (var first = 0; first < input.Length; first += means.Length)
        {
            TensorPrimitives.Add(means, input.AsSpan(first, means.Length), means);
        }
        TensorPrimitives.Divide(means, input.Length / means.Length, means);
    }
}
