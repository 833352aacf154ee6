using ILGPU;

namespace ILGpuMobileNet.Kernels.Gpu;

/// <summary>Where a strip is written.</summary>
/// <param name="residual">A feature map of the output's shape.</param>
/// <param name="output">The output.</param>
/// <param name="index">Index of the strip's first pixel.</param>
internal readonly struct StripOutput(ArrayView<Float4> residual, ArrayView<Float4> output, int index)
{
    private readonly ArrayView<Float4> _residual = residual;
    private readonly ArrayView<Float4> _output = output;
    private readonly int _index = index;

    /// <summary>Writes the pixels of a strip that are inside the row; returns the sum of what was written.</summary>
    /// <param name="sums">The strip before the activation.</param>
    /// <param name="step">From one pixel to the next.</param>
    /// <param name="count">Pixels of the row from the strip's first one on.</param>
    /// <param name="slope">Parameter of the activation.</param>
    public Float4 Store<TActivation, TResidual>(Strip sums, int step, int count, float slope)
        where TActivation : struct, IActivation
        where TResidual : struct, IResidual
    {
        var total = StorePixel<TActivation, TResidual>(sums.A, _index, slope);
        if (count > 1)
        {
            total += StorePixel<TActivation, TResidual>(sums.B, _index + step, slope);
        }
        if (count > 2)
        {
            total += StorePixel<TActivation, TResidual>(sums.C, _index + 2 * step, slope);
        }
        if (count > 3)
        {
            total += StorePixel<TActivation, TResidual>(sums.D, _index + 3 * step, slope);
        }
        return total;
    }

    private Float4 StorePixel<TActivation, TResidual>(Float4 sum, int index, float slope)
        where TActivation : struct, IActivation
        where TResidual : struct, IResidual
    {
        var value = TResidual.Add(sum.Activate<TActivation>(slope), _residual, index);
        _output[index] = value;
        return value;
    }
}
