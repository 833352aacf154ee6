using ILGPU;

namespace ILGpuMobileNet.Kernels.Gpu;

/// <summary>What the first kernel of <see cref="ResizeNormalize"/> computes: rows of the wanted columns.</summary>
/// <param name="firstSource">First source row.</param>
/// <param name="rows">Source rows.</param>
/// <param name="sourceWidth">Columns of a source row.</param>
/// <param name="columns">Columns computed.</param>
/// <param name="rounding">From sums to results.</param>
internal readonly struct ResizeRows(int firstSource, int rows, int sourceWidth, int columns, ResizeRounding rounding)
{
    public readonly int FirstSource = firstSource;
    public readonly int Rows = rows;
    public readonly int SourceWidth = sourceWidth;
    public readonly int Columns = columns;
    public readonly ResizeRounding Rounding = rounding;
}

/// <summary>What the second kernel of <see cref="ResizeNormalize"/> computes: the output from those rows.</summary>
/// <param name="firstSource">Source row of the first of the rows.</param>
/// <param name="filled">Rows and columns that come from the source.</param>
/// <param name="output">Rows and columns of the output.</param>
/// <param name="redAt">Where red is in an output pixel.</param>
/// <param name="rounding">From sums to results.</param>
internal readonly struct ResizeColumns(
    int firstSource,
    Extent filled,
    Extent output,
    int redAt,
    ResizeRounding rounding
)
{
    public readonly int FirstSource = firstSource;
    public readonly int FilledHeight = filled.Height;
    public readonly int FilledWidth = filled.Width;
    public readonly int Height = output.Height;
    public readonly int Width = output.Width;
    public readonly int RedAt = redAt;
    public readonly ResizeRounding Rounding = rounding;
}

/// <summary>From a fixed-point sum to a number between bounds.</summary>
/// <param name="shift">Bits that are rounded away.</param>
/// <param name="low">Smallest result.</param>
/// <param name="high">Largest result.</param>
internal readonly struct ResizeRounding(int shift, int low, int high)
{
    private readonly int _shift = shift;
    private readonly int _low = low;
    private readonly int _high = high;

    /// <summary>What a sum begins with.</summary>
    public int Half => 1 << (_shift - 1);

    /// <summary>The result of a sum.</summary>
    public int Of(int sum) => Math.Min(Math.Max(sum >> _shift, _low), _high);
}

/// <summary>The sums of a pixel's colours.</summary>
/// <param name="red">Of red.</param>
/// <param name="green">Of green.</param>
/// <param name="blue">Of blue.</param>
internal readonly struct ColourSums(int red, int green, int blue)
{
    public readonly int Red = red;
    public readonly int Green = green;
    public readonly int Blue = blue;

    /// <summary><c>this + weight · (red, green, blue)</c>.</summary>
    public ColourSums Add(int weight, int r, int g, int b) =>
        new(Red + weight * r, Green + weight * g, Blue + weight * b);
}

/// <summary>The two passes of a resize, in integers: the same bits on every device.</summary>
internal static class ResizeNormalizeKernels
{
    private const int ChannelCount = 3;
    private const int LevelCount = 256;

    /// <summary>Resizes source rows to the wanted columns; one thread for each of their pixels.</summary>
    /// <param name="source">Bytes <c>[H, W, 3]</c>.</param>
    /// <param name="table">See <see cref="ResizeTable"/>.</param>
    /// <param name="rows">Receives <c>[rows, columns, 3]</c>.</param>
    /// <param name="shape">Sizes.</param>
    public static void RowsKernel(ArrayView<byte> source, ArrayView<int> table, ArrayView<short> rows, ResizeRows shape)
    {
        var i = Grid.IdxX * Group.DimX + Group.IdxX;
        var (y, x) = (i / shape.Columns, i % shape.Columns);
        if (y >= shape.Rows)
        {
            return;
        }
        var start = (shape.FirstSource + y) * shape.SourceWidth + table[x];
        var half = shape.Rounding.Half;
        var sums = new ColourSums(half, half, half);
        for (var k = 0; k < table[shape.Columns + x]; k++)
        {
            var at = (start + k) * ChannelCount;
            sums = sums.Add(table[(2 + k) * shape.Columns + x], source[at], source[at + 1], source[at + 2]);
        }
        rows[i * ChannelCount] = (short)shape.Rounding.Of(sums.Red);
        rows[i * ChannelCount + 1] = (short)shape.Rounding.Of(sums.Green);
        rows[i * ChannelCount + 2] = (short)shape.Rounding.Of(sums.Blue);
    }

    /// <summary>Resizes along the columns and normalises; one thread for each output pixel.</summary>
    /// <param name="rows">What the first pass gave.</param>
    /// <param name="table">See <see cref="ResizeTable"/>.</param>
    /// <param name="levels">The normalised number of every byte, <c>[3, 256]</c>.</param>
    /// <param name="output">Receives <c>[outH, outW, 3]</c>.</param>
    /// <param name="shape">Sizes.</param>
    public static void ColumnsKernel(
        ArrayView<short> rows,
        ArrayView<int> table,
        ArrayView<float> levels,
        ArrayView<float> output,
        ResizeColumns shape
    )
    {
        var i = Grid.IdxX * Group.DimX + Group.IdxX;
        var (y, x) = (i / shape.Width, i % shape.Width);
        if (y >= shape.Height)
        {
            return;
        }
        var isFilled = y < shape.FilledHeight && x < shape.FilledWidth;
        var sums = isFilled ? SumOf(rows, table, shape, y, x) : default;
        var at = i * ChannelCount;
        output[at + shape.RedAt] = isFilled ? levels[shape.Rounding.Of(sums.Red)] : 0;
        output[at + 1] = isFilled ? levels[LevelCount + shape.Rounding.Of(sums.Green)] : 0;
        output[at + 2 - shape.RedAt] = isFilled ? levels[2 * LevelCount + shape.Rounding.Of(sums.Blue)] : 0;
    }

    private static ColourSums SumOf(ArrayView<short> rows, ArrayView<int> table, ResizeColumns shape, int y, int x)
    {
        var start = table[y] - shape.FirstSource;
        var half = shape.Rounding.Half;
        var sums = new ColourSums(half, half, half);
        for (var k = 0; k < table[shape.FilledHeight + y]; k++)
        {
            var at = ((start + k) * shape.FilledWidth + x) * ChannelCount;
            sums = sums.Add(table[(2 + k) * shape.FilledHeight + y], rows[at], rows[at + 1], rows[at + 2]);
        }
        return sums;
    }
}
