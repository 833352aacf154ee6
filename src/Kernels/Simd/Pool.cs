using System.Runtime.CompilerServices;

namespace ILGpuMobileNet.Kernels.Simd;

/// <summary>Maximum or mean over a window, taps outside the input left out. An item is one output row.</summary>
/// <param name="convolution">Shapes and window; the input is in padded layout.</param>
internal abstract unsafe class Pool(ConvolutionCase convolution) : SimdOperation
{
    protected ConvolutionCase Case => convolution;
    protected TapRange[] Rows { get; } = TapRange.Rows(convolution.Window, convolution.Input);
    protected TapRange[] Columns { get; } = TapRange.Columns(convolution.Window, convolution.Input);
    protected int Stride => convolution.InputStride;

    /// <summary>The version for a vector width and a kind.</summary>
    /// <param name="width">Vector width.</param>
    /// <param name="convolution">Shapes and window; the input is in padded layout.</param>
    /// <param name="kind">Maximum or mean.</param>
    public static Pool Create(SimdWidth width, ConvolutionCase convolution, PoolKind kind) =>
        (Pool)Simd.Specialise<Factory>(width, new(convolution, kind));

    /// <inheritdoc/>
    public override int ItemCount(in Operands operands) => operands.Batch * Case.Output.Height;

    private readonly struct Factory(ConvolutionCase convolution, PoolKind kind) : IWidthFactory
    {
        public object Create<TVector, TLanes>()
            where TVector : struct
            where TLanes : struct, ILanes<TVector> => new Pool<TVector, TLanes>(convolution, kind);
    }
}

/// <inheritdoc/>
internal sealed unsafe class Pool<TVector, TLanes>(ConvolutionCase convolution, PoolKind kind) : Pool(convolution)
    where TVector : struct
    where TLanes : struct, ILanes<TVector>
{
    /// <inheritdoc/>
    public override void Run(in Operands operands, int item, float* scratch)
    {
        var (height, y) = (Case.Output.Height, item % Case.Output.Height);
        var image = operands.Input + (nint)(item / height) * (nint)Case.Input.PixelCount * Stride;
        var rows = Rows[y];
        var output = operands.Output + (nint)item * Case.Output.Width * Stride;
        for (var x = 0; x < Case.Output.Width; x++, output += Stride)
        {
            var columns = Columns[x];
            for (nint c = 0; c < Stride; c += TLanes.Count)
            {
                TLanes.Store(Reduce(image + c, rows, columns), output + c);
            }
        }
    }

    [MethodImpl(HotLoop.Compilation)]
    private TVector Reduce(float* image, TapRange rows, TapRange columns)
    {
        var max = kind == PoolKind.Max;
        var result = TLanes.Create(max ? float.NegativeInfinity : 0);
        for (var ky = rows.First; ky < rows.End; ky++)
        {
            nint y = rows.Origin + ky * Case.Window.Dilation.Height;
            for (var kx = columns.First; kx < columns.End; kx++)
            {
                var x = columns.Origin + kx * Case.Window.Dilation.Width;
                var value = TLanes.Load(image + (y * Case.Input.Width + x) * Stride);
                result = max ? TLanes.Max(result, value) : TLanes.Add(result, value);
            }
        }
        return max ? result : TLanes.Multiply(result, TLanes.Create(1f / Divisor(rows, columns)));
    }

    private int Divisor(TapRange rows, TapRange columns) =>
        kind == PoolKind.AverageIncludingPadding ? Case.Window.TapCount : Math.Max(1, rows.Count * columns.Count);
}
