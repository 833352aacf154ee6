using ILGpuMobileNet.Kernels;

namespace ILGpuMobileNet.Reference.Operations;

/// <summary>One convolution to test or to measure: everything that a failure must print.</summary>
/// <param name="Batch">Images.</param>
/// <param name="Input">One input image.</param>
/// <param name="OutputChannels">Channels produced.</param>
/// <param name="Window">Kernel, stride, dilation, padding.</param>
/// <param name="Groups">1, the input channels for a depthwise convolution, or any number between them.</param>
public sealed record ConvolutionTest(int Batch, FeatureShape Input, int OutputChannels, Window Window, int Groups = 1)
{
    /// <summary>Follows the bias.</summary>
    public Activation Activation { get; init; }

    /// <summary>Whether the input is multiplied by a gate per image and channel.</summary>
    public bool HasGate { get; init; }

    /// <summary>Whether a residual is added after the activation.</summary>
    public bool HasResidual { get; init; }

    /// <summary>Everything of the case, short enough for a table.</summary>
    public override string ToString()
    {
        var (kernel, stride, dilation, padding) = (Window.Kernel, Window.Stride, Window.Dilation, Window.Padding);
        var sides = $"{padding.Top},{padding.Left},{padding.Bottom},{padding.Right}";
        return $"{Batch} x {Input} -> {OutputChannels}, k{kernel} s{stride} d{dilation} p{sides} g{Groups} {Activation}"
            + (HasGate ? " gate" : "")
            + (HasResidual ? " residual" : "");
    }

    /// <summary>One output image.</summary>
    public FeatureShape Output
    {
        get
        {
            var (height, width) = Window.OutputExtent(Input.Height, Input.Width);
            return new(height, width, OutputChannels);
        }
    }

    /// <summary>Weights of one output channel.</summary>
    public int FanIn => Input.Channels / Groups * Window.TapCount;

    /// <summary>Multiply-adds of the batch.</summary>
    public long MultiplyAdds => Batch * Output.ElementCount * FanIn;

    /// <summary><c>[N, H, W, C]</c>.</summary>
    public float[] InputValues() => TestValues.Uniform(1, Batch * Input.ElementCount);

    /// <summary><c>[O, I/groups, kH, kW]</c>, of a size that keeps sums near 1.</summary>
    public float[] WeightValues() => TestValues.Uniform(2, (long)OutputChannels * FanIn, Math.Sqrt(3.0 / FanIn));

    /// <summary>The same weights as <c>[O, kH, kW, I/groups]</c>.</summary>
    public float[] TapMajorWeights()
    {
        var (taps, channels) = (Window.TapCount, Input.Channels / Groups);
        var order = Enumerable.Range(0, FanIn).Select(i => i % channels * taps + i / channels).ToArray();
        return [.. WeightValues().Chunk(FanIn).SelectMany(output => order.Select(i => output[i]))];
    }

    /// <summary><c>[O]</c>.</summary>
    public float[] BiasValues() => TestValues.Uniform(3, OutputChannels);

    /// <summary><c>[N, C]</c>, or null.</summary>
    public float[]? GateValues() => HasGate ? TestValues.Uniform(4, (long)Batch * Input.Channels) : null;

    /// <summary><c>[N, H, W, C]</c> of the output, or null.</summary>
    public float[]? ResidualValues() => HasResidual ? TestValues.Uniform(5, Batch * Output.ElementCount) : null;
}

/// <summary>What a convolution computes with.</summary>
/// <param name="Input"><c>[N, H, W, C]</c>.</param>
/// <param name="Weights"><c>[O, I/groups, kH, kW]</c>.</param>
/// <param name="Bias"><c>[O]</c>.</param>
public readonly record struct ConvolutionValues(float[] Input, float[] Weights, float[] Bias);
