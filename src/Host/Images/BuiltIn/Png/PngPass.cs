namespace ILGpuMobileNet.Host.Images;

/// <summary>The pixels of one pass: every <c>StepX</c>-th column from <c>X</c>, every <c>StepY</c>-th row from <c>Y</c>.</summary>
internal readonly record struct PngPass(int X, int Y, int StepX, int StepY)
{
    public static PngPass[] Adam7 { get; } =
    [
        new(0, 0, 8, 8),
        new(4, 0, 8, 8),
        new(0, 4, 4, 8),
        new(2, 0, 4, 4),
        new(0, 2, 2, 4),
        new(1, 0, 2, 2),
        new(0, 1, 1, 2),
    ];

    /// <summary>Columns of the pass in an image of the given width.</summary>
    public int ColumnCount(int width) => (width - X + StepX - 1) / StepX;

    /// <summary>Rows of the pass in an image of the given height.</summary>
    public int RowCount(int height) => (height - Y + StepY - 1) / StepY;
}
