using System.Runtime.CompilerServices;

namespace ILGpuMobileNet.Kernels.Simd;

/// <summary>
/// <c>act(conv(x, w) + b) + residual</c> with any kernel, stride, dilation and padding. The matrix product reads the
/// taps of a pixel where they lie when each kernel row is one piece of memory; at the borders, and where it is not,
/// they are gathered into rows <c>[kH, kW, C]</c> first. An item is one output row.
/// </summary>
internal sealed unsafe class StandardConv : SimdOperation
{
    private const int BlockPixels = 48;

    private readonly Gemm _gemm;
    private readonly ConvolutionCase _case;
    private readonly TapRange[] _rows;
    private readonly TapRange[] _columns;
    private readonly (int First, int End) _direct; // columns whose taps are read where they lie

    /// <summary>Packs the weights.</summary>
    /// <param name="width">Vector width.</param>
    /// <param name="convolution">Shapes and window.</param>
    /// <param name="weights">Weights <c>[O, kH, kW, I]</c> and bias <c>[O]</c>.</param>
    /// <param name="activation">Applied before the residual is added.</param>
    public StandardConv(SimdWidth width, ConvolutionCase convolution, DenseWeights weights, Activation activation)
    {
        _gemm = Own(Gemm.Create(width, weights, activation));
        _case = convolution;
        (_rows, _columns) = (
            TapRange.Rows(convolution.Window, convolution.Input),
            TapRange.Columns(convolution.Window, convolution.Input)
        );
        var isOnePiece =
            convolution.InputStride == convolution.Input.Channels && convolution.Window.Dilation.Width == 1;
        _direct = isOnePiece ? TapRange.Whole(_columns, convolution.Window.Kernel.Width) : default;
    }

    /// <inheritdoc/>
    public override long WeightBytes => _gemm.WeightBytes;

    /// <inheritdoc/>
    public override long ScratchLength => (long)BlockPixels * _gemm.InputCount;

    /// <inheritdoc/>
    public override int ItemCount(in Operands operands) => operands.Batch * _case.Output.Height;

    /// <inheritdoc/>
    public override void Run(in Operands operands, int item, float* scratch)
    {
        var (image, y) = Math.DivRem(item, _case.Output.Height);
        var input = operands.Input + image * (nint)_case.Input.PixelCount * _case.InputStride;
        var at = (nint)item * _case.Output.Width * _gemm.PaddedOutputs;
        var residual = operands.Residual == null ? null : operands.Residual + at;
        var output = new TileOutput(operands.Output + at, _gemm.PaddedOutputs, residual);
        var (first, end) = _rows[y].Count == _case.Window.Kernel.Height ? _direct : default;
        var line = new OutputLine(input, _rows[y], output);
        RunGathered(line, (0, first), scratch);
        RunDirect(line, (first, end));
        RunGathered(line, (end, _case.Output.Width), scratch);
    }

    private void RunDirect(in OutputLine line, (int First, int End) columns)
    {
        if (columns.First == columns.End)
        {
            return;
        }
        nint row = (nint)_case.Input.Width * _case.InputStride;
        var x = line.Image + line.Rows.Origin * row + (nint)_columns[columns.First].Origin * _case.InputStride;
        var output = line.Output.Down(columns.First);
        _gemm.Run(
            new(x, _case.Window.Stride.Width * _case.InputStride, columns.End - columns.First)
            {
                SegmentCount = _case.Window.Kernel.Height,
                SegmentStride = row * _case.Window.Dilation.Height,
                Y = output.Y,
                Residual = output.Residual,
            }
        );
    }

    private void RunGathered(in OutputLine line, (int First, int End) columns, float* scratch)
    {
        for (var first = columns.First; first < columns.End; first += BlockPixels)
        {
            var count = Math.Min(BlockPixels, columns.End - first);
            for (var pixel = 0; pixel < count; pixel++)
            {
                GatherPixel(line.Image, line.Rows, _columns[first + pixel], scratch + (nint)pixel * _gemm.InputCount);
            }
            var output = line.Output.Down(first);
            _gemm.Run(new(scratch, _gemm.InputCount, count) { Y = output.Y, Residual = output.Residual });
        }
    }

    private void GatherPixel(float* input, TapRange rows, TapRange columns, float* taps)
    {
        var window = _case.Window;
        var rowLength = window.Kernel.Width * _case.Input.Channels;
        for (var ky = 0; ky < window.Kernel.Height; ky++, taps += rowLength)
        {
            if (ky >= rows.First && ky < rows.End)
            {
                var y = rows.Origin + ky * window.Dilation.Height;
                GatherRow(input + (nint)y * _case.Input.Width * _case.InputStride, columns, taps);
            }
            else
            {
                new Span<float>(taps, rowLength).Clear();
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
