using System.Runtime.CompilerServices;

namespace ILGpuMobileNet.Kernels.Simd;

/// <summary>Rows of a matrix product: <c>y = act(x W + b) + residual</c>.</summary>
/// <param name="x">First row, K floats a row, in one piece or several.</param>
/// <param name="xStride">Floats from a row of x to the next.</param>
/// <param name="rows">Rows, at least 0.</param>
internal readonly unsafe struct GemmRows(float* x, nint xStride, int rows)
{
    public float* X => x;
    public nint XStride => xStride;
    public int Count => rows;

    /// <summary>Pieces that a row of x consists of, each of the same length.</summary>
    public int SegmentCount { get; init; } = 1;

    /// <summary>Floats from a piece to the next.</summary>
    public nint SegmentStride { get; init; }

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

    protected Gemm(SimdWidth width, DenseWeights dense, Activation activation)
    {
        var none = Activation.Identity;
        var (before, after) = activation.Bounds is null ? (none, activation) : (activation, none);
        Bounds = before.Bounds!.Value;
        Epilogue = Epilogue.Create(width, after);
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
    public int PanelCount => SimdOperation.Ratio(PaddedOutputs, PanelWidth);

    /// <summary>What sums are brought between before they are written.</summary>
    protected (float Least, float Most) Bounds { get; }

    /// <summary>What is done with them afterwards.</summary>
    protected Epilogue Epilogue { get; }
    protected int Lanes { get; }
    protected int PanelWidth => 2 * Lanes;
    protected unsafe float* Weights => _weights.Pointer;
    protected unsafe float* Bias => _bias.Pointer;

    /// <summary>Packs weights for a vector width and an activation.</summary>
    /// <param name="width">Vector width.</param>
    /// <param name="weights">Weights and bias.</param>
    /// <param name="activation">Applied to every element.</param>
    public static Gemm Create(SimdWidth width, DenseWeights weights, Activation activation) =>
        (Gemm)Simd.Specialise<Factory>(width, new(width, weights, activation));

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

    private readonly struct Factory(SimdWidth width, DenseWeights weights, Activation activation) : IWidthFactory
    {
        public object Create<TVector, TLanes>()
            where TVector : struct
            where TLanes : struct, ILanes<TVector> => new Gemm<TVector, TLanes>(width, weights, activation);
    }
}

/// <inheritdoc/>
internal sealed unsafe class Gemm<TVector, TLanes>(SimdWidth width, DenseWeights weights, Activation activation)
    : Gemm(width, weights, activation)
    where TVector : struct
    where TLanes : struct, ILanes<TVector>
{
    private const int Unrolled = 4; // input channels
    private const int CacheWayBytes = 4096; // of the first-level cache: lines at this distance share a set
    private const int LineLength = 16; // floats of a cache line
    private const int WideRows = 6; // of a tile over two panels
    private const int FewRows = 3; // of a tile for the last of them

    /// <inheritdoc/>
    public override void Run(in GemmRows rows, int firstPanel, int endPanel)
    {
        var panel = firstPanel;
        if (rows.Count < Tile4x2<TVector, TLanes>.RowCount)
        {
            for (; panel + 4 <= Math.Min(endPanel, PaddedOutputs / PanelWidth); panel += 4)
            {
                for (var row = 0; row < rows.Count; row++)
                {
                    RunRow(rows, panel, row);
                }
            }
        }
        if (TLanes.HasManyRegisters && SuitPairs(rows.Count))
        {
            for (; panel + 2 <= Math.Min(endPanel, PaddedOutputs / PanelWidth); panel += 2)
            {
                RunPanelPair(rows, panel);
            }
        }
        for (; panel < endPanel; panel++)
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

    /// <summary>Two panels at once: fewer loads for each product than tiles over one have.</summary>
    private void RunPanelPair(in GemmRows rows, int panel)
    {
        // Some rows twice is cheaper than the last ones each on its own; they get the same bits.
        var row = 0;
        for (; row + FewRows < rows.Count; row += WideRows)
        {
            var first = Math.Min(row, rows.Count - WideRows);
            RunTile<Stack<TVector, Tile3x4<TVector, TLanes>, Tile3x4<TVector, TLanes>>>(rows, panel, first);
        }
        if (row + 1 < rows.Count)
        {
            RunTile<Tile3x4<TVector, TLanes>>(rows, panel, rows.Count - FewRows);
        }
        else if (row < rows.Count)
        {
            RunTile<Tile1x4<TVector, TLanes>>(rows, panel, row);
        }
    }

    /// <summary>Whether tiles over two panels lose little on the last rows: at most a twentieth.</summary>
    private static bool SuitPairs(int rows)
    {
        var rest = rows % WideRows;
        var taken = rest switch
        {
            0 => 0,
            1 => 2, // the four sums of a single row wait for themselves: they take as long as those of two rows
            <= FewRows => FewRows,
            _ => WideRows,
        };
        return 20 * (rows - rest + taken) <= 21 * rows;
    }

    private void RunPanel<TTile, TRow>(in GemmRows rows, int panel)
        where TTile : struct, ITile<TVector>
        where TRow : struct, ITile<TVector>
    {
        var row = 0;
        if (TLanes.HasManyRegisters)
        {
            row = RunHighTiles<TTile, TRow>(rows, panel);
        }
        for (; row + TTile.RowCount <= rows.Count; row += TTile.RowCount)
        {
            RunTile<TTile>(rows, panel, row);
        }
        if (row < rows.Count && rows.Count >= TTile.RowCount)
        {
            // Some rows twice is cheaper than the last ones each on its own; they get the same bits.
            RunTile<TTile>(rows, panel, rows.Count - TTile.RowCount);
            return;
        }
        for (; row < rows.Count; row++)
        {
            RunTile<TRow>(rows, panel, row);
        }
    }

    /// <summary>Tiles of 12 and 13 rows such that, if possible, none is left; returns the rows done.</summary>
    private int RunHighTiles<TTile, TRow>(in GemmRows rows, int panel)
        where TTile : struct, ITile<TVector>
        where TRow : struct, ITile<TVector>
    {
        var (count, rest) = Math.DivRem(rows.Count, 3 * TTile.RowCount);
        var isAliased = rows.XStride * sizeof(float) % CacheWayBytes == 0; // 12 rows are as many as a set has ways
        var higher = rest <= count && !isAliased ? rest : 0;
        var row = 0;
        for (var tile = 0; tile < count; tile++)
        {
            if (tile < higher)
            {
                RunTile<Stack<TVector, Stack<TVector, Stack<TVector, TTile, TTile>, TTile>, TRow>>(rows, panel, row);
                row++;
            }
            else
            {
                RunTile<Stack<TVector, Stack<TVector, TTile, TTile>, TTile>>(rows, panel, row);
            }
            row += 3 * TTile.RowCount;
        }
        if (rows.Count - row >= 2 * TTile.RowCount)
        {
            RunTile<Stack<TVector, TTile, TTile>>(rows, panel, row);
            row += 2 * TTile.RowCount;
        }
        return row;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private TileOutput OutputAt(in GemmRows rows, int panel, int row)
    {
        var at = (nint)row * PaddedOutputs + panel * PanelWidth;
        return new(rows.Y + at, PaddedOutputs, rows.Residual == null ? null : rows.Residual + at);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TileColumns<TVector> Columns<TTile>(float* panel, nint panelLength)
        where TTile : struct, ITile<TVector> => TileColumns<TVector>.Load<TTile, TLanes>(panel, panelLength);

    [MethodImpl(HotLoop.Compilation)]
    private void RunTile<TTile>(in GemmRows rows, int panel, int row)
        where TTile : struct, ITile<TVector>
    {
        var bias = Bias + panel * PanelWidth;
        var w = Weights + (nint)panel * PanelWidth * InputCount;
        nint step = Math.Min(TTile.VectorCount, 2) * TLanes.Count; // from an input channel to the next
        nint panelLength = InputCount * step;
        nint length = InputCount * (nint)TTile.VectorCount * TLanes.Count;
        // While this tile is computed its share of the next panel comes nearer, which it would have to be waited for.
        var next = w + length + length * row / rows.Count / LineLength * LineLength;
        nint share = Unrolled * (nint)TTile.VectorCount * TLanes.Count * TTile.RowCount / rows.Count + 1;
        TTile tile = default;
        tile.Start(Columns<TTile>(bias, step));
        var stride = rows.XStride;
        var x = rows.X + row * stride;
        nint segmentLength = InputCount / rows.SegmentCount;
        for (var segment = rows.SegmentCount; segment > 0; segment--, x += rows.SegmentStride)
        {
            tile.Read(x, stride);
            nint k = 0;
            var last = segmentLength - Unrolled;
            if (last >= 0)
            {
                do // tested at its end, which takes fewer instructions
                {
                    Cache.Fetch(next);
                    Cache.Fetch(next + LineLength);
                    next += share;
                    tile.Accumulate(k, 0, Columns<TTile>(w, panelLength));
                    tile.Accumulate(k, 1, Columns<TTile>(w + step, panelLength));
                    tile.Accumulate(k, 2, Columns<TTile>(w + 2 * step, panelLength));
                    tile.Accumulate(k, 3, Columns<TTile>(w + 3 * step, panelLength));
                    k += Unrolled;
                    w += Unrolled * step;
                } while (k <= last);
            }
            for (; k < segmentLength; k++, w += step)
            {
                tile.Accumulate(k, 0, Columns<TTile>(w, panelLength));
            }
        }
        var output = OutputAt(rows, panel, row);
        tile.Store(output.Y, PaddedOutputs, TileBounds<TVector>.Create<TLanes>(Bounds));
        Epilogue.Run(output, TTile.RowCount, TTile.VectorCount * TLanes.Count);
    }

    /// <summary>One row over four panels, whose weights then arrive from memory side by side.</summary>
    [MethodImpl(HotLoop.Compilation)]
    private void RunRow(in GemmRows rows, int panel, int row)
    {
        nint panelLength = (nint)PanelWidth * InputCount;
        var w = Weights + panel * panelLength;
        Tile1x2<TVector, TLanes> a = default,
            b = default,
            c = default,
            d = default;
        Start(ref a, panel);
        Start(ref b, panel + 1);
        Start(ref c, panel + 2);
        Start(ref d, panel + 3);
        var x = rows.X + row * rows.XStride;
        nint length = InputCount / rows.SegmentCount;
        for (var segment = 0; segment < rows.SegmentCount; segment++, x += rows.SegmentStride)
        {
            a.Read(x, 0);
            b.Read(x, 0);
            c.Read(x, 0);
            d.Read(x, 0);
            for (nint k = 0; k < length; k++, w += 2 * TLanes.Count)
            {
                a.Accumulate(k, 0, Columns<Tile1x2<TVector, TLanes>>(w, 0));
                b.Accumulate(k, 0, Columns<Tile1x2<TVector, TLanes>>(w + panelLength, 0));
                c.Accumulate(k, 0, Columns<Tile1x2<TVector, TLanes>>(w + 2 * panelLength, 0));
                d.Accumulate(k, 0, Columns<Tile1x2<TVector, TLanes>>(w + 3 * panelLength, 0));
            }
        }
        var output = OutputAt(rows, panel, row);
        var bounds = TileBounds<TVector>.Create<TLanes>(Bounds);
        a.Store(output.Y, 0, bounds);
        b.Store(output.Y + PanelWidth, 0, bounds);
        c.Store(output.Y + 2 * PanelWidth, 0, bounds);
        d.Store(output.Y + 3 * PanelWidth, 0, bounds);
        Epilogue.Run(output, 1, 4 * PanelWidth);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Start(ref Tile1x2<TVector, TLanes> tile, int panel) =>
        tile.Start(Columns<Tile1x2<TVector, TLanes>>(Bias + panel * PanelWidth, 0));
}
