using System.Runtime.CompilerServices;

namespace ILGpuMobileNet.Kernels.Simd;

/// <summary>
/// <c>act(conv(x, w) + b) + residual</c> with any kernel, stride, dilation and padding. The taps of a block of pixels
/// are gathered into rows <c>[kH, kW, C]</c>, which the matrix product then reads.
/// </summary>
internal sealed unsafe class StandardConv : SimdOperation
{
    private const int BlockPixels = 48;

    private readonly Gemm _gemm;
    private readonly ConvolutionCase _case;
    private readonly int _pixels;
    private readonly int _blocks;

    /// <summary>Packs the weights.</summary>
    /// <param name="width">Vector width.</param>
    /// <param name="convolution">Shapes and window.</param>
    /// <param name="weights">Weights <c>[O, kH, kW, I]</c> and bias <c>[O]</c>.</param>
    /// <param name="activation">Applied before the residual is added.</param>
    public StandardConv(SimdWidth width, ConvolutionCase convolution, DenseWeights weights, Activation activation)
    {
        _gemm = Own(Gemm.Create(width, weights, activation));
        _case = convolution;
        _pixels = checked((int)convolution.Output.PixelCount);
        _blocks = (_pixels + BlockPixels - 1) / BlockPixels;
    }

    /// <inheritdoc/>
    public override long WeightBytes => _gemm.WeightBytes;

    /// <inheritdoc/>
    public override long ScratchLength => (long)BlockPixels * _gemm.InputCount;

    /// <inheritdoc/>
    public override int ItemCount(int batch) => batch * _blocks;

    /// <inheritdoc/>
    public override void Run(in Operands operands, int item, float* scratch)
    {
        var image = item / _blocks;
        var first = item % _blocks * BlockPixels;
        var count = Math.Min(BlockPixels, _pixels - first);
        var input = operands.Input + (nint)image * (nint)_case.Input.PixelCount * _case.InputStride;
        for (var pixel = 0; pixel < count; pixel++)
        {
            Gather(input, first + pixel, scratch + (nint)pixel * _gemm.InputCount);
        }
        var at = ((nint)image * _pixels + first) * _gemm.PaddedOutputs;
        _gemm.Run(
            new(scratch, _gemm.InputCount, count)
            {
                Y = operands.Output + at,
                Residual = operands.Residual == null ? null : operands.Residual + at,
            }
        );
    }

    private void Gather(float* input, int pixel, float* row)
    {
        var window = _case.Window;
        var rows = TapRange.Rows(window, pixel / _case.Output.Width, _case.Input.Height);
        var columns = TapRange.Columns(window, pixel % _case.Output.Width, _case.Input.Width);
        var rowLength = window.Kernel.Width * _case.Input.Channels;
        for (var ky = 0; ky < window.Kernel.Height; ky++, row += rowLength)
        {
            if (ky >= rows.First && ky < rows.End)
            {
                var y = rows.Origin + ky * window.Dilation.Height;
                GatherRow(input + (nint)y * _case.Input.Width * _case.InputStride, columns, row);
            }
            else
            {
                new Span<float>(row, rowLength).Clear();
            }
        }
    }

    private void GatherRow(float* line, TapRange columns, float* row)
    {
        var (taps, channels, step) = (_case.Window.Kernel.Width, _case.Input.Channels, _case.Window.Dilation.Width);
        if (columns.Count == taps && step == 1 && _case.InputStride == channels)
        {
            Copy(line + (nint)columns.Origin * channels, row, taps * channels);
            return;
        }
        new Span<float>(row, taps * channels).Clear();
        for (var kx = columns.First; kx < columns.End; kx++)
        {
            var x = columns.Origin + kx * step;
            Copy(line + (nint)x * _case.InputStride, row + (nint)kx * channels, channels);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Copy(float* source, float* destination, int length)
    {
        for (nint i = 0; i < length; i++)
        {
            destination[i] = source[i];
        }
    }
}
