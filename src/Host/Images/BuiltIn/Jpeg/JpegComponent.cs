namespace ILGpuMobileNet.Host.Images;

/// <summary>A colour channel of a JPEG with its samples.</summary>
internal sealed class JpegComponent
{
    /// <summary>Samples of a block's side.</summary>
    public const int BlockSide = 8;

    /// <summary>Samples of a block.</summary>
    public const int BlockSize = BlockSide * BlockSide;

    /// <summary>What the file calls the channel.</summary>
    public required byte Id { get; init; }

    /// <summary>Blocks of one unit (MCU) along x, 1 to 4.</summary>
    public required int HorizontalSampling { get; init; }

    /// <summary>Blocks of one unit (MCU) along y, 1 to 4.</summary>
    public required int VerticalSampling { get; init; }

    /// <summary>Number of its quantization table, 0 to 3.</summary>
    public required int QuantizationIndex { get; init; }

    /// <summary>Columns of samples that belong to the picture.</summary>
    public int Width { get; private set; }

    /// <summary>Rows of samples that belong to the picture.</summary>
    public int Height { get; private set; }

    /// <summary>Blocks of a row, those that fill up the last unit included.</summary>
    public int Stride { get; private set; }

    /// <summary>Rows of blocks, those that fill up the last unit included.</summary>
    public int BlockRowCount { get; private set; }

    /// <summary>Blocks of a row that hold samples of the picture.</summary>
    public int WidthInBlocks => (Width + BlockSide - 1) / BlockSide;

    /// <summary>Rows of blocks that hold samples of the picture.</summary>
    public int HeightInBlocks => (Height + BlockSide - 1) / BlockSide;

    /// <summary>Blocks allocated.</summary>
    public int BlockCount => Stride * BlockRowCount;

    /// <summary>Samples, rows of <c>8·Stride</c>.</summary>
    public byte[] Plane { get; private set; } = [];

    /// <summary>Coefficients <c>[block, 64]</c> in natural order, which only progressive images collect.</summary>
    public short[] Coefficients { get; private set; } = [];

    /// <summary>The table in force when the component's first scan began, in natural order; null before.</summary>
    public ushort[]? Quantization { get; set; }

    /// <summary>Sizes the channel for its frame.</summary>
    public void Place(JpegFrame frame)
    {
        Width = DivideUp(frame.Width * HorizontalSampling, frame.LargestHorizontalSampling);
        Height = DivideUp(frame.Height * VerticalSampling, frame.LargestVerticalSampling);
        Stride = frame.UnitColumnCount * HorizontalSampling;
        BlockRowCount = frame.UnitRowCount * VerticalSampling;
    }

    /// <summary>Takes memory for the samples and, in progressive images, the coefficients.</summary>
    public void Allocate(bool progressive)
    {
        Plane = new byte[BlockCount * BlockSize];
        Coefficients = progressive ? new short[BlockCount * BlockSize] : [];
    }

    /// <summary>Writes a block of coefficients as samples.</summary>
    /// <param name="coefficients">64 in natural order.</param>
    /// <param name="row">Row of blocks.</param>
    /// <param name="column">Block in the row.</param>
    public void Reconstruct(ReadOnlySpan<short> coefficients, int row, int column)
    {
        var target = Plane.AsSpan((row * Stride * BlockSide + column) * BlockSide);
        InverseDct.Transform(coefficients, Quantization, target, Stride * BlockSide);
    }

    /// <summary>A row of samples.</summary>
    /// <param name="y">Row; beyond the first and last the nearest.</param>
    public ReadOnlySpan<byte> Row(int y) => Plane.AsSpan(Math.Clamp(y, 0, Height - 1) * Stride * BlockSide, Width);

    private static int DivideUp(int value, int divisor) => (value + divisor - 1) / divisor;
}
