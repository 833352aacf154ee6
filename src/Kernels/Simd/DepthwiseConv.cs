using System.Runtime.CompilerServices;

namespace ILGpuMobileNet.Kernels.Simd;

/// <summary>
/// <c>act(dw(x, w) + b) + residual</c>: every channel is convolved with its own kernel. An item is one output row.
/// </summary>
internal abstract unsafe class DepthwiseConv : SimdOperation
{
    private readonly AlignedBuffer _weights; // [kH, kW, C]
    private readonly AlignedBuffer _bias; // [C]

    protected DepthwiseConv(ConvolutionCase convolution, DenseWeights weights)
    {
        Case = convolution;
        (Rows, Columns) = (
            TapRange.Rows(convolution.Window, convolution.Input),
            TapRange.Columns(convolution.Window, convolution.Input)
        );
        _weights = Own(new AlignedBuffer((long)Taps * Stride));
        _bias = Own(new AlignedBuffer(Stride));
        weights.Bias.Span.CopyTo(_bias.Span);
        Pack(weights.Weights.Span);
    }

    /// <inheritdoc/>
    public override long WeightBytes => _weights.SizeInBytes + _bias.SizeInBytes;

    protected ConvolutionCase Case { get; }
    protected TapRange[] Rows { get; }
    protected TapRange[] Columns { get; }

    protected int Stride => Case.InputStride;
    protected float* Weights => _weights.Pointer;
    protected float* Bias => _bias.Pointer;
    private int Taps => Case.Window.TapCount;

    /// <summary>Packs weights for a vector width and an activation.</summary>
    /// <param name="width">Vector width.</param>
    /// <param name="convolution">Shapes and window; the input is in padded layout.</param>
    /// <param name="weights">Weights <c>[C, kH, kW]</c> and bias <c>[C]</c>.</param>
    /// <param name="activation">Applied before the residual is added.</param>
    public static DepthwiseConv Create(
        SimdWidth width,
        ConvolutionCase convolution,
        DenseWeights weights,
        Activation activation
    ) => Simd.Specialise<DepthwiseConv, Factory>(width, activation, new(convolution, weights));

    /// <inheritdoc/>
    public override int ItemCount(int batch) => batch * Case.Output.Height;

    private void Pack(ReadOnlySpan<float> weights)
    {
        for (var c = 0; c < Case.Input.Channels; c++)
        {
            for (var tap = 0; tap < Taps; tap++)
            {
                Weights[(long)tap * Stride + c] = weights[c * Taps + tap];
            }
        }
    }

    private readonly struct Factory(ConvolutionCase convolution, DenseWeights weights) : ISimdFactory<DepthwiseConv>
    {
        public DepthwiseConv Create<TVector, TLanes, TActivation>(TActivation activation)
            where TVector : struct
            where TLanes : struct, ILanes<TVector>
            where TActivation : struct, IVectorActivation =>
            new DepthwiseConv<TVector, TLanes, TActivation>(convolution, weights, activation);
    }
}

/// <inheritdoc/>
internal sealed unsafe class DepthwiseConv<TVector, TLanes, TActivation>(
    ConvolutionCase convolution,
    DenseWeights weights,
    TActivation activation
) : DepthwiseConv(convolution, weights)
    where TVector : struct
    where TLanes : struct, ILanes<TVector>
    where TActivation : struct, IVectorActivation
{
    private readonly nint _pixel = convolution.InputStride;
    private readonly nint _row = (nint)convolution.Input.Width * convolution.InputStride;
    private readonly nint _kernelRow = (nint)convolution.Window.Kernel.Width * convolution.InputStride;

    /// <inheritdoc/>
    public override void Run(in Operands operands, int item, float* scratch)
    {
        var (height, y) = (Case.Output.Height, item % Case.Output.Height);
        var image = operands.Input + (nint)(item / height) * (nint)Case.Input.PixelCount * Stride;
        var at = (nint)item * Case.Output.Width * Stride;
        var residual = operands.Residual == null ? null : operands.Residual + at;
        var line = new OutputLine(image, Rows[y], new(operands.Output + at, Stride, residual));
        switch (Case.Window)
        {
            case { Kernel.Width: 3, Stride.Width: 1, Dilation.Width: 1 }:
                RunLine<Window3>(line);
                break;
            case { Kernel.Width: 3, Stride.Width: 2, Dilation.Width: 1 }:
                RunLine<Window3Stride2>(line);
                break;
            case { Kernel.Width: 5, Stride.Width: 1, Dilation.Width: 1 }:
                RunLine<Window5>(line);
                break;
            case { Kernel.Width: 5, Stride.Width: 2, Dilation.Width: 1 }:
                RunLine<Window5Stride2>(line);
                break;
            default:
                RunPixels(line);
                break;
        }
    }

    /// <summary>Four columns at a time; the last four may overlap those before.</summary>
    private void RunLine<TWindow>(in OutputLine line)
        where TWindow : struct, IStripWindow
    {
        const int length = StripSums<TVector>.Length;
        if (Case.Output.Width < length)
        {
            RunPixels(line);
            return;
        }
        for (var x = 0; x < Case.Output.Width; x += length)
        {
            var first = Math.Min(x, Case.Output.Width - length);
            var (left, right) = (Columns[first], Columns[first + length - 1]);
            if (left.First == 0 && right.End == TWindow.Kernel)
            {
                RunStrip<TWindow, WholeStrip<TVector, TLanes>>(line, first, default);
            }
            else
            {
                var inside = new BorderStrip<TVector, TLanes>(-left.Origin, Case.Input.Width - left.Origin);
                RunStrip<TWindow, BorderStrip<TVector, TLanes>>(line, first, inside);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void RunStrip<TWindow, TColumns>(in OutputLine line, int first, TColumns columns)
        where TWindow : struct, IStripWindow
        where TColumns : struct, IStripColumns<TVector>
    {
        var (rows, pixel, row, kernelRow) = (line.Rows, _pixel, _row, _kernelRow);
        var x = InputAt(line, rows.First) + Columns[first].Origin * pixel;
        var w = Weights + rows.First * kernelRow;
        var bias = Bias;
        var output = line.Output.Down(first);
        var dilated = row * Case.Window.Dilation.Height;
        for (nint c = 0; c < pixel; c += TLanes.Count)
        {
            var start = TLanes.Load(bias + c);
            var sums = new StripSums<TVector>
            {
                First = start,
                Second = start,
                Third = start,
                Fourth = start,
            };
            var input = x + c;
            var weights = w + c;
            for (var ky = rows.Count; ky > 0; ky--, input += dilated, weights += kernelRow)
            {
                TWindow.AddRow<TVector, TLanes, TColumns>(ref sums, input, weights, pixel, columns);
            }
            output.Write<TVector, TLanes, TActivation>(sums.First, 0, c, activation);
            output.Write<TVector, TLanes, TActivation>(sums.Second, 1, c, activation);
            output.Write<TVector, TLanes, TActivation>(sums.Third, 2, c, activation);
            output.Write<TVector, TLanes, TActivation>(sums.Fourth, 3, c, activation);
        }
    }

    private void RunPixels(in OutputLine line)
    {
        for (var x = 0; x < Case.Output.Width; x++)
        {
            RunPixel(line, Columns[x], line.Output.Down(x));
        }
    }

    /// <summary>Any window, one output at a time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void RunPixel(in OutputLine line, TapRange columns, in TileOutput output)
    {
        nint dilation = Case.Window.Dilation.Width;
        var (pixel, kernelRow) = (_pixel, _kernelRow);
        var step = pixel * dilation;
        for (nint c = 0; c < pixel; c += TLanes.Count)
        {
            var sum = TLanes.Load(Bias + c);
            for (var ky = line.Rows.First; ky < line.Rows.End; ky++)
            {
                var x = InputAt(line, ky) + (columns.Origin + columns.First * dilation) * pixel + c;
                var w = Weights + ky * kernelRow + columns.First * pixel + c;
                for (var kx = columns.First; kx < columns.End; kx++, x += step, w += pixel)
                {
                    sum = TLanes.MultiplyAdd(TLanes.Load(x), TLanes.Load(w), sum);
                }
            }
            output.Write<TVector, TLanes, TActivation>(sum, 0, c, activation);
        }
    }

    /// <summary>The input row under a kernel row.</summary>
    private float* InputAt(in OutputLine line, int ky) =>
        line.Image + (line.Rows.Origin + ky * Case.Window.Dilation.Height) * _row;
}
