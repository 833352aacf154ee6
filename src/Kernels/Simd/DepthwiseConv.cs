using System.Runtime.CompilerServices;

namespace ILGpuMobileNet.Kernels.Simd;

/// <summary>
/// <c>act(dw(x, w) + b) + residual</c>: every channel is convolved with its own kernel. Rows are computed in
/// pairs, and summed while they are in the cache where squeeze-excite wants that.
/// </summary>
internal abstract unsafe class DepthwiseConv : RowOperation
{
    private readonly AlignedBuffer _weights; // [C / vector, kH, kW, vector]
    private readonly AlignedBuffer _bias; // [C]
    private readonly ChannelMeans _rowSums;
    private readonly int _lanes;

    protected DepthwiseConv(SimdWidth width, ConvolutionCase convolution, DenseWeights weights, ChannelMeans rowSums)
        : base(convolution, convolution.InputStride)
    {
        _lanes = (int)width;
        _rowSums = rowSums;
        _weights = Own(new AlignedBuffer((long)Taps * Stride));
        _bias = Own(new AlignedBuffer(Stride));
        weights.Bias.Span.CopyTo(_bias.Span);
        Pack(weights.Weights.Span);
    }

    /// <inheritdoc/>
    public override long WeightBytes => _weights.SizeInBytes + _bias.SizeInBytes;

    /// <inheritdoc/>
    protected override int RowUnit => 2;

    protected int Stride => Case.InputStride;
    protected float* Weights => _weights.Pointer;
    protected float* Bias => _bias.Pointer;
    protected int Taps => Case.Window.TapCount;

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
    )
    {
        var rowSums = ChannelMeans.RowSums(width, convolution.Output);
        return (DepthwiseConv)Simd.Specialise<Factory>(width, activation, new(width, convolution, weights, rowSums));
    }

    /// <summary>Sums rows that were just written.</summary>
    protected void SumRows(in RowOperands rows, int first, int end)
    {
        for (var y = first; y < end && rows.Sums != null; y++)
        {
            _rowSums.Run(rows.Output.At(y), rows.Sums + (nint)y * Stride);
        }
    }

    private void Pack(ReadOnlySpan<float> weights)
    {
        for (var c = 0; c < Case.Input.Channels; c++)
        {
            for (var tap = 0; tap < Taps; tap++)
            {
                Weights[((long)(c / _lanes) * Taps + tap) * _lanes + c % _lanes] = weights[c * Taps + tap];
            }
        }
    }

    private readonly struct Factory(
        SimdWidth width,
        ConvolutionCase convolution,
        DenseWeights weights,
        ChannelMeans rowSums
    ) : ISimdFactory
    {
        public object Create<TVector, TLanes, TActivation>(TActivation activation)
            where TVector : struct
            where TLanes : struct, ILanes<TVector>
            where TActivation : struct, IVectorActivation =>
            new DepthwiseConv<TVector, TLanes, TActivation>(width, convolution, weights, rowSums, activation);
    }
}

/// <inheritdoc/>
internal sealed unsafe class DepthwiseConv<TVector, TLanes, TActivation>(
    SimdWidth width,
    ConvolutionCase convolution,
    DenseWeights weights,
    ChannelMeans rowSums,
    TActivation activation
) : DepthwiseConv(width, convolution, weights, rowSums)
    where TVector : struct
    where TLanes : struct, ILanes<TVector>
    where TActivation : struct, IVectorActivation
{
    // Channels of a block, for which all rows are computed before the next: their inputs stay in the first-level cache
    // from one strip to the next and from a pair of rows to the one below.
    private const int BlockLength = 128;

    private readonly nint _pixel = convolution.InputStride;
    private readonly nint _row = (nint)convolution.Input.Width * convolution.InputStride;

    /// <inheritdoc/>
    public override void Run(in RowOperands rows, int first, int end, float* scratch)
    {
        for (nint channel = 0; channel < _pixel; channel += BlockLength)
        {
            for (var y = first; y < end; y += RowUnit)
            {
                RunLines(new(rows, y, Math.Min(RowUnit, end - y), channel, Math.Min(_pixel, channel + BlockLength)));
            }
        }
        AddResidual(rows, first, end);
        SumRows(rows, first, end);
    }

    [MethodImpl(HotLoop.Compilation)]
    private static void AddResidual(in RowOperands rows, int first, int end)
    {
        for (var y = first; y < end && rows.Residual != null; y++)
        {
            var length = rows.Output.RowLength;
            Epilogue.AddResidual<TVector, TLanes>(rows.Output.At(y), rows.Residual + y * length, length);
        }
    }

    private void RunLines(in LinePair lines)
    {
        switch (Case.Window)
        {
            case { Kernel: (3, 3), Stride: (1, 1), Dilation: (1, 1) }:
                RunLines<Window3>(lines);
                break;
            case { Kernel: (3, 3), Stride: (2, 2), Dilation: (1, 1) }:
                RunLines<Window3Stride2>(lines);
                break;
            case { Kernel: (3, 3), Stride: (2, 1), Dilation: (1, 1) }:
                RunLines<HalvingRows<Window3>>(lines);
                break;
            case { Kernel: (5, 5), Stride: (1, 1), Dilation: (1, 1) }:
                RunLines<Window5>(lines);
                break;
            case { Kernel: (5, 5), Stride: (2, 2), Dilation: (1, 1) }:
                RunLines<Window5Stride2>(lines);
                break;
            case { Kernel: (5, 5), Stride: (2, 1), Dilation: (1, 1) }:
                RunLines<HalvingRows<Window5>>(lines);
                break;
            default:
                RunPixels(lines);
                break;
        }
    }

    /// <summary>An output row or two.</summary>
    /// <param name="operands">Where they are computed.</param>
    /// <param name="y">The first row.</param>
    /// <param name="count">Rows.</param>
    /// <param name="firstChannel">First channel.</param>
    /// <param name="endChannel">Channel after the last.</param>
    private readonly struct LinePair(in RowOperands operands, int y, int count, nint firstChannel, nint endChannel)
    {
        private readonly RowOperands _operands = operands;

        public RowRing Input => _operands.Input;
        public int Y => y;
        public int Count => count;
        public nint FirstChannel => firstChannel;
        public nint EndChannel => endChannel;

        /// <summary>Where a row of the pair is written.</summary>
        public float* Output(int line) => _operands.Output.At(y + line);
    }

    /// <summary>Four columns at a time; the last four may overlap those before.</summary>
    private void RunLines<TWindow>(in LinePair lines)
        where TWindow : struct, IStripWindow
    {
        const int length = StripSums<TVector>.Length;
        if (Case.Output.Width < length)
        {
            RunPixels(lines);
            return;
        }
        for (var x = 0; x < Case.Output.Width; x += length)
        {
            var first = Math.Min(x, Case.Output.Width - length);
            RunBorders<TWindow>(lines, first);
        }
    }

    private void RunBorders<TWindow>(in LinePair lines, int first)
        where TWindow : struct, IStripWindow
    {
        var left = Math.Max(0, -Columns[first].Origin);
        var inside = Case.Input.Width - Columns[first].Origin;
        switch (left, Math.Max(0, TWindow.ColumnCount - inside))
        {
            case (0, 0):
                RunStrips<TWindow, WholeStrip<TVector, TLanes>>(lines, first, default);
                break;
            case (1, 0):
                RunStrips<TWindow, LeftStrip<TVector, TLanes, One>>(lines, first, default);
                break;
            case (2, 0):
                RunStrips<TWindow, LeftStrip<TVector, TLanes, Two>>(lines, first, default);
                break;
            case (0, 1):
                RunStrips<TWindow, RightStrip<TVector, TLanes, TWindow, One>>(lines, first, default);
                break;
            case (0, 2):
                RunStrips<TWindow, RightStrip<TVector, TLanes, TWindow, Two>>(lines, first, default);
                break;
            default:
                RunStrips<TWindow, BorderStrip<TVector, TLanes>>(lines, first, new(left, inside));
                break;
        }
    }

    /// <summary>
    /// A strip of each row. The first input rows are seen by the upper one, the last by the lower one, and those between by
    /// both, for which they are loaded once.
    /// </summary>
    [MethodImpl(HotLoop.Compilation)]
    private void RunStrips<TWindow, TColumns>(in LinePair lines, int first, TColumns columns)
        where TWindow : struct, IStripWindow
        where TColumns : struct, IStripColumns<TVector>
    {
        var (pixel, row, origin) = (_pixel, _row, Rows[lines.Y].Origin);
        var top = Math.Max(0, -origin);
        var isPair = lines.Count == 2;
        var height = Case.Input.Height - origin;
        var upperEnd = Math.Min(TWindow.Kernel, height);
        var lowerTop = isPair ? Math.Min(upperEnd, Math.Max(top, TWindow.Stride)) : upperEnd;
        var end = isPair ? Math.Min(TWindow.Kernel + TWindow.Stride, height) : upperEnd;
        var ring = lines.Input;
        var x = ring.At(origin + top) + Columns[first].Origin * pixel;
        var seam = top + ring.ContiguousFrom(origin + top) - 1; // the row after which the ring begins anew
        var back = row - ring.Capacity * row;
        var kernelRow = TWindow.Kernel * TLanes.Count;
        var above = TWindow.Stride * kernelRow; // from a weight of the upper row to that of the lower one for the same input
        var w = Weights + top * kernelRow;
        nint taps = TWindow.Kernel * TWindow.Kernel;
        var bias = Bias;
        var upper = lines.Output(0) + first * pixel;
        var lower = isPair ? lines.Output(1) + first * pixel : upper;
        var pixelBytes = pixel * sizeof(float);
        var endChannel = lines.EndChannel;
        for (var c = lines.FirstChannel; c < endChannel; c += TLanes.Count)
        {
            StripSums<TVector> sums = default,
                lowerSums = default;
            sums.Start(TLanes.Load(bias + c));
            lowerSums.Start(TLanes.Load(bias + c));
            var input = x + c;
            var weights = w + c * taps;
            var ky = top;
            for (; ky < lowerTop; ky++)
            {
                var inputs = StripInputs<TVector>.Load<TWindow, TColumns>(input, pixel, columns);
                TWindow.Add<TVector, TLanes>(ref sums, inputs, weights);
                input += ky == seam ? back : row;
                weights += kernelRow;
            }
            for (; ky < upperEnd; ky++)
            {
                var inputs = StripInputs<TVector>.Load<TWindow, TColumns>(input, pixel, columns);
                TWindow.Add<TVector, TLanes>(ref sums, inputs, weights);
                TWindow.Add<TVector, TLanes>(ref lowerSums, inputs, weights - above);
                input += ky == seam ? back : row;
                weights += kernelRow;
            }
            for (; ky < end; ky++)
            {
                var inputs = StripInputs<TVector>.Load<TWindow, TColumns>(input, pixel, columns);
                TWindow.Add<TVector, TLanes>(ref lowerSums, inputs, weights - above);
                input += ky == seam ? back : row;
                weights += kernelRow;
            }
            sums.Write<TLanes, TActivation>(upper + c, pixelBytes, activation);
            if (isPair)
            {
                lowerSums.Write<TLanes, TActivation>(lower + c, pixelBytes, activation);
            }
        }
    }

    private void RunPixels(in LinePair lines)
    {
        for (var line = 0; line < lines.Count; line++)
        {
            var output = lines.Output(line);
            for (var x = 0; x < Case.Output.Width; x++)
            {
                RunPixel(lines, (Rows[lines.Y + line], Columns[x]), output + x * _pixel);
            }
        }
    }

    /// <summary>Any window, one output at a time.</summary>
    [MethodImpl(HotLoop.Compilation)]
    private void RunPixel(in LinePair lines, (TapRange Rows, TapRange Columns) taps, float* output)
    {
        var ring = lines.Input;
        var (rows, columns) = taps;
        var (first, end) = (columns.First, columns.End);
        var (rowDilation, dilation) = Case.Window.Dilation;
        var step = _pixel * dilation;
        var left = columns.Origin * _pixel + first * step;
        nint kernelRow = Case.Window.Kernel.Width * TLanes.Count;
        nint count = Taps;
        var w = Weights + first * TLanes.Count;
        var bias = Bias;
        var endChannel = lines.EndChannel;
        for (var c = lines.FirstChannel; c < endChannel; c += TLanes.Count)
        {
            var sum = TLanes.Load(bias + c);
            for (var ky = rows.First; ky < rows.End; ky++)
            {
                var input = ring.At(rows.Origin + ky * rowDilation) + left + c;
                var weights = w + c * count + ky * kernelRow;
                for (var kx = first; kx < end; kx++, input += step, weights += TLanes.Count)
                {
                    sum = TLanes.MultiplyAdd(TLanes.Load(input), TLanes.Load(weights), sum);
                }
            }
            TLanes.Store(activation.Apply<TVector, TLanes>(sum), output + c);
        }
    }
}
