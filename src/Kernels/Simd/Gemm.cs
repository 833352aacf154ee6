using System.Runtime.CompilerServices;

namespace ILGpuMobileNet.Kernels.Simd;

/// <summary>Rows of a matrix product: <c>y = act(x W + b) + residual</c>.</summary>
/// <param name="x">First row, K floats a row.</param>
/// <param name="xStride">Floats from a row of x to the next.</param>
/// <param name="rows">Rows, at least 0.</param>
internal readonly unsafe struct GemmRows(float* x, nint xStride, int rows)
{
    public float* X => x;
    public nint XStride => xStride;
    public int Count => rows;

    /// <summary>First row of the output, padded channels a row.</summary>
    public float* Y { get; init; }

    /// <summary>First row of the residual, laid out like the output, or null.</summary>
    public float* Residual { get; init; }
}

/// <summary>
/// The matrix product behind pointwise, standard and fully connected layers. The weights are packed into panels of
/// two vectors: <c>[N / panel, K, panel]</c>; a last panel of one vector where the count is odd.
/// </summary>
internal abstract class Gemm : IDisposable
{
    private readonly AlignedBuffer _weights;
    private readonly AlignedBuffer _bias;

    protected Gemm(SimdWidth width, DenseWeights dense)
    {
        Lanes = (int)width;
        InputCount = dense.InputCount;
        PaddedOutputs = Simd.PaddedChannels(dense.OutputCount, width);
        _weights = new((long)InputCount * PaddedOutputs);
        _bias = new(PaddedOutputs);
        dense.Bias.Span.CopyTo(_bias.Span);
        Pack(dense);
    }

    /// <summary>Bytes of packed weights and biases.</summary>
    public long WeightBytes => _weights.SizeInBytes + _bias.SizeInBytes;

    /// <summary>Columns in memory.</summary>
    public int PaddedOutputs { get; }

    /// <summary>Input channels K.</summary>
    public int InputCount { get; }

    /// <summary>Panels, the unit in which columns can be shared out.</summary>
    public int PanelCount => (PaddedOutputs + PanelWidth - 1) / PanelWidth;

    protected int Lanes { get; }
    protected int PanelWidth => 2 * Lanes;
    protected unsafe float* Weights => _weights.Pointer;
    protected unsafe float* Bias => _bias.Pointer;

    /// <summary>Packs weights for a vector width and an activation.</summary>
    /// <param name="width">Vector width.</param>
    /// <param name="weights">Weights and bias.</param>
    /// <param name="activation">Applied to every element.</param>
    public static Gemm Create(SimdWidth width, DenseWeights weights, Activation activation) =>
        Simd.Specialise<Gemm, Factory>(width, activation, new(width, weights));

    /// <summary>Computes rows for a range of panels.</summary>
    /// <param name="rows">Where to read and write.</param>
    /// <param name="firstPanel">First panel.</param>
    /// <param name="endPanel">Panel after the last.</param>
    public abstract void Run(in GemmRows rows, int firstPanel, int endPanel);

    /// <summary>Computes rows for all columns.</summary>
    /// <param name="rows">Where to read and write.</param>
    public void Run(in GemmRows rows) => Run(rows, 0, PanelCount);

    /// <inheritdoc/>
    public void Dispose()
    {
        _weights.Dispose();
        _bias.Dispose();
    }

    private unsafe void Pack(DenseWeights dense)
    {
        var weights = dense.Weights.Span;
        for (var column = 0; column < dense.OutputCount; column++)
        {
            var panel = column / PanelWidth;
            var panelWidth = Math.Min(PanelWidth, PaddedOutputs - panel * PanelWidth);
            var destination = Weights + (long)panel * PanelWidth * InputCount + column % PanelWidth;
            for (var k = 0; k < InputCount; k++)
            {
                destination[(long)k * panelWidth] = weights[column * InputCount + k];
            }
        }
    }

    private readonly struct Factory(SimdWidth width, DenseWeights weights) : ISimdFactory<Gemm>
    {
        public Gemm Create<TVector, TLanes, TActivation>(TActivation activation)
            where TVector : struct
            where TLanes : struct, ILanes<TVector>
            where TActivation : struct, IVectorActivation =>
            new Gemm<TVector, TLanes, TActivation>(width, weights, activation);
    }
}

/// <inheritdoc/>
internal sealed unsafe class Gemm<TVector, TLanes, TActivation>(
    SimdWidth width,
    DenseWeights weights,
    TActivation activation
) : Gemm(width, weights)
    where TVector : struct
    where TLanes : struct, ILanes<TVector>
    where TActivation : struct, IVectorActivation
{
    /// <inheritdoc/>
    public override void Run(in GemmRows rows, int firstPanel, int endPanel)
    {
        for (var panel = firstPanel; panel < endPanel; panel++)
        {
            if (PaddedOutputs - panel * PanelWidth >= PanelWidth)
            {
                RunPanel<Tile4x2<TVector, TLanes>, Tile1x2<TVector, TLanes>>(rows, panel);
            }
            else
            {
                RunPanel<Tile4x1<TVector, TLanes>, Tile1x1<TVector, TLanes>>(rows, panel);
            }
        }
    }

    private void RunPanel<TTile, TRow>(in GemmRows rows, int panel)
        where TTile : struct, ITile<TVector>
        where TRow : struct, ITile<TVector>
    {
        var row = 0;
        if (TLanes.HasManyRegisters)
        {
            for (; row + 3 * TTile.RowCount <= rows.Count; row += 3 * TTile.RowCount)
            {
                RunThree<TTile>(rows, panel, row);
            }
        }
        for (; row + TTile.RowCount <= rows.Count; row += TTile.RowCount)
        {
            RunOne<TTile>(rows, panel, row);
        }
        for (; row < rows.Count; row++)
        {
            RunOne<TRow>(rows, panel, row);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private TileOutput OutputAt(in GemmRows rows, int panel, int row)
    {
        var at = (nint)row * PaddedOutputs + panel * PanelWidth;
        return new(rows.Y + at, PaddedOutputs, rows.Residual == null ? null : rows.Residual + at);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Second<TTile>(float* source)
        where TTile : struct, ITile<TVector> => TLanes.Load(TTile.VectorCount == 2 ? source + TLanes.Count : source);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void RunThree<TTile>(in GemmRows rows, int panel, int row)
        where TTile : struct, ITile<TVector>
    {
        var bias = Bias + panel * PanelWidth;
        var w = Weights + (nint)panel * PanelWidth * InputCount;
        nint count = InputCount;
        var (bias0, bias1) = (TLanes.Load(bias), Second<TTile>(bias));
        TTile top = default,
            middle = default,
            bottom = default;
        top.Start(bias0, bias1);
        middle.Start(bias0, bias1);
        bottom.Start(bias0, bias1);
        var stride = rows.XStride;
        var x0 = rows.X + row * stride;
        var x1 = x0 + TTile.RowCount * stride;
        var x2 = x1 + TTile.RowCount * stride;
        for (nint k = 0; k < count; k++, w += TTile.VectorCount * TLanes.Count)
        {
            var (w0, w1) = (TLanes.Load(w), Second<TTile>(w));
            top.Accumulate(x0 + k, stride, w0, w1);
            middle.Accumulate(x1 + k, stride, w0, w1);
            bottom.Accumulate(x2 + k, stride, w0, w1);
        }
        var output = OutputAt(rows, panel, row);
        top.Finish(output, activation);
        middle.Finish(output.Down(TTile.RowCount), activation);
        bottom.Finish(output.Down(2 * TTile.RowCount), activation);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void RunOne<TTile>(in GemmRows rows, int panel, int row)
        where TTile : struct, ITile<TVector>
    {
        var bias = Bias + panel * PanelWidth;
        var w = Weights + (nint)panel * PanelWidth * InputCount;
        nint count = InputCount;
        TTile tile = default;
        tile.Start(TLanes.Load(bias), Second<TTile>(bias));
        var stride = rows.XStride;
        var x = rows.X + row * stride;
        for (nint k = 0; k < count; k++, w += TTile.VectorCount * TLanes.Count)
        {
            tile.Accumulate(x + k, stride, TLanes.Load(w), Second<TTile>(w));
        }
        tile.Finish(OutputAt(rows, panel, row), activation);
    }
}
