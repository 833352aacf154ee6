using ILGPU.Runtime;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Kernels.Gpu;

namespace ILGpuMobileNet.Reference.Operations;

/// <summary>What one GPU operation reads and writes, as plain arrays; runs it on an accelerator.</summary>
internal sealed class GpuRun(Accelerator accelerator, int batch)
{
    public required float[] Input { get; init; }
    public required FeatureShape InputShape { get; init; }
    public required FeatureShape OutputShape { get; init; }
    public float[]? Gate { get; init; }
    public float[]? Residual { get; init; }

    /// <summary>Whether the operation reads images without padded channels.</summary>
    public bool ReadsPacked { get; init; }

    /// <summary>The sums that the operation reads, <c>[N, bands, C]</c>.</summary>
    public float[]? SumsRead { get; init; }

    /// <summary>Length of the sums that the operation writes, in <see cref="Float4"/>.</summary>
    public int SumsLength { get; init; }

    /// <summary>What the operation wrote there.</summary>
    public Float4[] Sums { get; private set; } = [];

    public Accelerator Accelerator => accelerator;

    public int Batch => batch;

    /// <summary>What a convolution case reads and writes.</summary>
    public static GpuRun Of(
        Accelerator accelerator,
        ConvolutionTest test,
        bool readsPacked = false,
        int sumsLength = 0
    ) =>
        new(accelerator, test.Batch)
        {
            Input = test.InputValues(),
            InputShape = test.Input,
            OutputShape = test.Output,
            Gate = test.GateValues(),
            Residual = test.ResidualValues(),
            ReadsPacked = readsPacked,
            SumsLength = sumsLength,
        };

    /// <summary>The run of one image of the batch alone.</summary>
    public GpuRun Image(int n)
    {
        return new(accelerator, 1)
        {
            Input = Part(Input),
            InputShape = InputShape,
            OutputShape = OutputShape,
            Gate = Gate is null ? null : Part(Gate),
            Residual = Residual is null ? null : Part(Residual),
            ReadsPacked = ReadsPacked,
            SumsLength = SumsLength,
        };

        float[] Part(float[] values) => values.AsSpan(values.Length / batch * n, values.Length / batch).ToArray();
    }

    /// <summary>The output, <c>[N, H, W, C]</c>.</summary>
    /// <exception cref="InvalidOperationException">The operation left something infinite in the padding.</exception>
    public float[] Run(GpuOperation operation)
    {
        using var prepared = new PreparedGpuRun(this, operation);
        prepared.Execute();
        Sums = prepared.Sums();
        return prepared.Output();
    }
}
