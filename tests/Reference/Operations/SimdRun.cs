using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Kernels.Simd;

namespace ILGpuMobileNet.Reference.Operations;

/// <summary>What one CPU operation reads and writes, as plain arrays.</summary>
internal sealed record SimdRun(SimdWidth Width, int Batch)
{
    public required float[] Input { get; init; }
    public required FeatureShape InputShape { get; init; }
    public required FeatureShape OutputShape { get; init; }
    public float[]? Gate { get; init; }
    public float[]? Residual { get; init; }

    /// <summary>Row sums <c>[N, H, C]</c> of the output where they are written, of the input where they are read.</summary>
    public float[]? Sums { get; init; }

    /// <summary>Channels of the residual, where they are not those of the output.</summary>
    public int? ResidualChannels { get; init; }

    /// <summary>Whether the operation reads images without padded channels.</summary>
    public bool ReadsPacked { get; init; }

    /// <summary>Threads that the work is cut for.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>What a convolution case reads and writes.</summary>
    public static SimdRun Of(ConvolutionTest test, SimdWidth width, bool readsPacked = false) =>
        new(width, test.Batch)
        {
            Input = test.InputValues(),
            InputShape = test.Input,
            OutputShape = test.Output,
            Gate = test.GateValues(),
            Residual = test.ResidualValues(),
            ReadsPacked = readsPacked,
        };

    /// <summary>The output, <c>[N, H, W, C]</c>.</summary>
    /// <exception cref="InvalidOperationException">The operation left something infinite in the padding.</exception>
    public float[] Run(SimdOperation operation)
    {
        using var prepared = new PreparedSimdRun(this, operation);
        prepared.Execute();
        return prepared.Output();
    }

    public PaddedTensor Tensor(float[] values, int channels, int? stride = null) =>
        new(values, channels, stride ?? Simd.PaddedChannels(channels, Width));
}
