using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Kernels.Simd;

namespace ILGpuMobileNet.Reference.Operations;

/// <summary>Runs one CPU operation on plain arrays, its items last to first: their order must not matter.</summary>
internal sealed unsafe class SimdRun(SimdWidth width, int batch)
{
    public required float[] Input { get; init; }
    public required FeatureShape InputShape { get; init; }
    public required FeatureShape OutputShape { get; init; }
    public float[]? Gate { get; init; }
    public float[]? Residual { get; init; }

    /// <summary>Whether the operation reads images without padded channels.</summary>
    public bool ReadsPacked { get; init; }

    /// <summary>The output, <c>[N, H, W, C]</c>.</summary>
    /// <exception cref="InvalidOperationException">The operation left something infinite in the padding.</exception>
    public float[] Run(SimdOperation operation)
    {
        using var input = Tensor(Input, InputShape.Channels, ReadsPacked ? InputShape.Channels : null);
        using var output = Tensor(new float[batch * OutputShape.ElementCount], OutputShape.Channels);
        using var gate = Gate is null ? null : Tensor(Gate, InputShape.Channels);
        using var residual = Residual is null ? null : Tensor(Residual, OutputShape.Channels);
        using var scratch = new AlignedBuffer(operation.ScratchLength);
        var operands = new Operands(batch)
        {
            Input = input.Pointer,
            Output = output.Pointer,
            Gate = gate is null ? null : gate.Pointer,
            Residual = residual is null ? null : residual.Pointer,
        };
        for (var item = operation.ItemCount(batch) - 1; item >= 0; item--)
        {
            operation.Run(operands, item, scratch.Pointer);
        }
        return output.HasFinitePadding()
            ? output.Values()
            : throw new InvalidOperationException("Padding is not finite.");
    }

    private PaddedTensor Tensor(float[] values, int channels, int? stride = null) =>
        new(values, channels, stride ?? Simd.PaddedChannels(channels, width));
}
