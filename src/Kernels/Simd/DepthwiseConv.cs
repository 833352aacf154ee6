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
        Whole = TapRange.Whole(Columns, convolution.Window.Kernel.Width);
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

    /// <summary>Columns that see every tap of a kernel row.</summary>
    protected (int First, int End) Whole { get; }
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
    private const int StripLength = 4;

    /// <inheritdoc/>
    public override void Run(in Operands operands, int item, float* scratch)
    {
        var (height, y) = (Case.Output.Height, item % Case.Output.Height);
        var image = operands.Input + (nint)(item / height) * (nint)Case.Input.PixelCount * Stride;
        var at = (nint)item * Case.Output.Width * Stride;
        var residual = operands.Residual == null ? null : operands.Residual + at;
        var line = new OutputLine(image, Rows[y], new(operands.Output + at, Stride, residual));
        var (first, end) = Whole;
        RunPixels(line, 0, first);
        RunStrips(line, first, end);
        RunPixels(line, end, Case.Output.Width);
    }

    private void RunPixels(in OutputLine line, int first, int end)
    {
        for (var x = first; x < end; x++)
        {
            RunPixel(new(line.Image, line.Rows, Columns[x]), line.Output.Down(x));
        }
    }

    /// <summary>Columns that see every tap of a kernel row, four at a time; the last four may overlap those before.</summary>
    private void RunStrips(in OutputLine line, int first, int end)
    {
        if (end - first < StripLength)
        {
            RunPixels(line, first, end);
            return;
        }
        for (var x = first; x < end; x += StripLength)
        {
            RunStrip(line, Math.Min(x, end - StripLength));
        }
    }

    /// <summary>Four neighbouring outputs share each weight that is loaded.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void RunStrip(in OutputLine line, int x)
    {
        var taps = new Taps(line.Image, line.Rows, Columns[x]);
        var output = line.Output.Down(x);
        nint stride = Stride;
        nint next = stride * Case.Window.Stride.Width; // from an output to its neighbour, in the input
        var step = stride * Case.Window.Dilation.Width;
        for (nint c = 0; c < stride; c += TLanes.Count)
        {
            var sum0 = TLanes.Load(Bias + c);
            var (sum1, sum2, sum3) = (sum0, sum0, sum0);
            for (var ky = taps.Rows.First; ky < taps.Rows.End; ky++)
            {
                var input = InputAt(taps, ky) + c;
                var weights = WeightsAt(taps, ky) + c;
                for (var kx = 0; kx < Case.Window.Kernel.Width; kx++, input += step, weights += stride)
                {
                    var weight = TLanes.Load(weights);
                    sum0 = TLanes.MultiplyAdd(TLanes.Load(input), weight, sum0);
                    sum1 = TLanes.MultiplyAdd(TLanes.Load(input + next), weight, sum1);
                    sum2 = TLanes.MultiplyAdd(TLanes.Load(input + 2 * next), weight, sum2);
                    sum3 = TLanes.MultiplyAdd(TLanes.Load(input + 3 * next), weight, sum3);
                }
            }
            output.Write<TVector, TLanes, TActivation>(sum0, 0, c, activation);
            output.Write<TVector, TLanes, TActivation>(sum1, 1, c, activation);
            output.Write<TVector, TLanes, TActivation>(sum2, 2, c, activation);
            output.Write<TVector, TLanes, TActivation>(sum3, 3, c, activation);
        }
    }

    private readonly struct Taps(float* image, TapRange rows, TapRange columns)
    {
        public float* Image => image;
        public TapRange Rows => rows;
        public TapRange Columns => columns;
    }

    private void RunPixel(in Taps taps, in TileOutput output)
    {
        nint c = 0;
        for (; c + 4 * TLanes.Count <= Stride; c += 4 * TLanes.Count)
        {
            RunFour(taps, output, c);
        }
        for (; c < Stride; c += TLanes.Count)
        {
            RunOne(taps, output, c);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private float* InputAt(in Taps taps, int ky) =>
        taps.Image
        + (
            (nint)(taps.Rows.Origin + ky * Case.Window.Dilation.Height) * Case.Input.Width
            + taps.Columns.Origin
            + taps.Columns.First * Case.Window.Dilation.Width
        ) * Stride;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private float* WeightsAt(in Taps taps, int ky) =>
        Weights + (nint)(ky * Case.Window.Kernel.Width + taps.Columns.First) * Stride;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void RunFour(in Taps taps, in TileOutput output, nint c)
    {
        var bias = Bias + c;
        var sum0 = TLanes.Load(bias);
        var sum1 = TLanes.Load(bias + TLanes.Count);
        var sum2 = TLanes.Load(bias + 2 * TLanes.Count);
        var sum3 = TLanes.Load(bias + 3 * TLanes.Count);
        nint stride = Stride;
        var step = stride * Case.Window.Dilation.Width;
        for (var ky = taps.Rows.First; ky < taps.Rows.End; ky++)
        {
            var (x, w) = (new Cursor(InputAt(taps, ky) + c), new Cursor(WeightsAt(taps, ky) + c));
            for (var kx = taps.Columns.First; kx < taps.Columns.End; kx++)
            {
                sum0 = TLanes.MultiplyAdd(x.Load(0), w.Load(0), sum0);
                sum1 = TLanes.MultiplyAdd(x.Load(1), w.Load(1), sum1);
                sum2 = TLanes.MultiplyAdd(x.Load(2), w.Load(2), sum2);
                sum3 = TLanes.MultiplyAdd(x.Load(3), w.Load(3), sum3);
                x = x.Next(step);
                w = w.Next(stride);
            }
        }
        output.Write<TVector, TLanes, TActivation>(sum0, 0, c, activation);
        output.Write<TVector, TLanes, TActivation>(sum1, 0, c + TLanes.Count, activation);
        output.Write<TVector, TLanes, TActivation>(sum2, 0, c + 2 * TLanes.Count, activation);
        output.Write<TVector, TLanes, TActivation>(sum3, 0, c + 3 * TLanes.Count, activation);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void RunOne(in Taps taps, in TileOutput output, nint c)
    {
        var sum = TLanes.Load(Bias + c);
        nint stride = Stride;
        var step = stride * Case.Window.Dilation.Width;
        for (var ky = taps.Rows.First; ky < taps.Rows.End; ky++)
        {
            var (x, w) = (new Cursor(InputAt(taps, ky) + c), new Cursor(WeightsAt(taps, ky) + c));
            for (var kx = taps.Columns.First; kx < taps.Columns.End; kx++)
            {
                sum = TLanes.MultiplyAdd(x.Load(0), w.Load(0), sum);
                x = x.Next(step);
                w = w.Next(stride);
            }
        }
        output.Write<TVector, TLanes, TActivation>(sum, 0, c, activation);
    }

    private readonly struct Cursor(float* at)
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Load(nint vector) => TLanes.Load(at + vector * TLanes.Count);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Cursor Next(nint distance) => new(at + distance);
    }
}
