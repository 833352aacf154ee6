namespace ILGpuMobileNet.Kernels.Simd;

/// <summary>
/// Rows of a feature map that lie in a ring: row r where row r - <paramref name="capacity"/> lay. A ring with room for
/// all rows is a whole map.
/// </summary>
/// <param name="start">Row 0.</param>
/// <param name="rowLength">Floats of a row.</param>
/// <param name="capacity">Rows in memory, at least 1.</param>
internal readonly unsafe struct RowRing(float* start, nint rowLength, int capacity)
{
    public nint RowLength => rowLength;
    public int Capacity => capacity;

    /// <summary>Where a row lies.</summary>
    /// <param name="row">Its number, at least 0.</param>
    public float* At(int row) => start + row % capacity * rowLength;

    /// <summary>Rows from this one on that follow each other in memory.</summary>
    /// <param name="row">Its number, at least 0.</param>
    public int ContiguousFrom(int row) => capacity - row % capacity;
}

/// <summary>Where some output rows of an image are computed.</summary>
/// <param name="input">The rows read.</param>
/// <param name="output">The rows written.</param>
internal readonly unsafe struct RowOperands(RowRing input, RowRing output)
{
    public RowRing Input => input;
    public RowRing Output => output;

    /// <summary>A gate per input channel, or null.</summary>
    public float* Gate { get; init; }

    /// <summary>Receives the sums of the rows of the output, <c>[H, C]</c>, or null.</summary>
    public float* Sums { get; init; }

    /// <summary>Row 0 of a map of the output's shape that is added after the activation, or null.</summary>
    public float* Residual { get; init; }

    /// <summary>Where the tile of a row begins that is written.</summary>
    /// <param name="row">The row.</param>
    /// <param name="pixelStride">Floats from a pixel to the next.</param>
    public TileOutput TileAt(int row, nint pixelStride) =>
        new(output.At(row), pixelStride, Residual == null ? null : Residual + row * output.RowLength);
}

/// <summary>An operation that can compute its output a few rows at a time, from and into any place.</summary>
internal abstract unsafe class RowOperation : SimdOperation
{
    protected RowOperation(in ConvolutionCase convolution, int outputStride)
    {
        (Case, OutputStride) = (convolution, outputStride);
        (Rows, Columns) = (
            TapRange.Rows(convolution.Window, convolution.Input),
            TapRange.Columns(convolution.Window, convolution.Input)
        );
    }

    /// <summary>Rows of an output image.</summary>
    public int OutputRows => Case.Output.Height;

    /// <summary>Output rows that are computed together.</summary>
    protected virtual int RowUnit => 1;

    /// <summary>What it reads and writes.</summary>
    public ConvolutionCase Case { get; }

    protected TapRange[] Rows { get; }
    protected TapRange[] Columns { get; }

    /// <summary>Floats from an output pixel to the next.</summary>
    protected int OutputStride { get; }

    /// <summary>Floats of an output row.</summary>
    private nint OutputRowLength => (nint)Case.Output.Width * OutputStride;

    /// <summary>Floats of an input row.</summary>
    protected nint InputRowLength => Case.InputRowLength;

    /// <inheritdoc/>
    public override int ItemCount(in Operands operands) => operands.Batch * CutOf(operands).Parts;

    /// <inheritdoc/>
    public override void Run(in Operands operands, int item, float* scratch)
    {
        var (parts, unit) = CutOf(operands);
        var (image, part) = Math.DivRem(item, parts);
        var units = Ratio(OutputRows, unit);
        var first = Part(units, parts, part) * unit;
        var end = Math.Min(Part(units, parts, part + 1) * unit, OutputRows);
        var rows = new RowOperands(InputOf(operands, image), OutputOf(operands, image))
        {
            Gate = GateOf(operands, image),
            Residual = ResidualOf(operands, image),
            Sums = SumsOf(operands, image),
        };
        Run(rows, first, end, scratch);
    }

    /// <summary>Computes output rows.</summary>
    /// <param name="rows">Where to read and write; the input rows that are seen are in place.</param>
    /// <param name="first">First output row.</param>
    /// <param name="end">Output row after the last.</param>
    /// <param name="scratch">Working memory, <see cref="SimdOperation.ScratchLength"/> floats.</param>
    public abstract void Run(in RowOperands rows, int first, int end, float* scratch);

    /// <summary>The input of an image.</summary>
    public RowRing InputOf(in Operands operands, int image) =>
        new(operands.Input + image * Case.Input.Height * InputRowLength, InputRowLength, Case.Input.Height);

    /// <summary>The output of an image.</summary>
    public RowRing OutputOf(in Operands operands, int image) =>
        new(operands.Output + image * OutputRows * OutputRowLength, OutputRowLength, OutputRows);

    /// <summary>The gate of an image, or null.</summary>
    public float* GateOf(in Operands operands, int image) =>
        operands.Gate == null ? null : operands.Gate + (nint)image * Case.InputStride;

    /// <summary>The residual of an image, or null.</summary>
    public float* ResidualOf(in Operands operands, int image) =>
        operands.Residual == null ? null : operands.Residual + image * OutputRows * OutputRowLength;

    /// <summary>The row sums of an image's output, or null.</summary>
    public float* SumsOf(in Operands operands, int image) =>
        operands.Sums == null ? null : operands.Sums + (nint)image * OutputRows * OutputStride;

    /// <summary>Into how many parts an image's rows are cut, and where cuts may lie.</summary>
    private (int Parts, int Unit) CutOf(in Operands operands)
    {
        var (units, threads) = (Ratio(OutputRows, RowUnit), operands.Threads);
        // Few units that the threads cannot share evenly: a row alone costs less than one thread's wait for another.
        return operands.Batch == 1 && units % threads != 0 && units < 4 * threads
            ? (Math.Min(threads, OutputRows), 1)
            : (Math.Min(Ratio(operands.WantedItems, operands.Batch), units), RowUnit);
    }
}
