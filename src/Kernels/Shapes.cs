namespace ILGpuMobileNet.Kernels;

/// <summary>Shape of one image's feature map, axes <c>[H, W, C]</c>. A batch is the axis outside it.</summary>
/// <param name="Height">Rows, at least 1.</param>
/// <param name="Width">Columns, at least 1.</param>
/// <param name="Channels">Channels, at least 1.</param>
public readonly record struct FeatureShape(int Height, int Width, int Channels)
{
    /// <summary>Positions of one channel, <c>H·W</c>.</summary>
    public long PixelCount => (long)Height * Width;

    /// <summary>Elements, <c>H·W·C</c>.</summary>
    public long ElementCount => PixelCount * Channels;

    /// <summary>The shape as <c>HxWxC</c>.</summary>
    public override string ToString() => $"{Height}x{Width}x{Channels}";
}

/// <summary>A height and a width: of a kernel, a stride or a dilation.</summary>
/// <param name="Height">Along the rows.</param>
/// <param name="Width">Along the columns.</param>
public readonly record struct Extent(int Height, int Width)
{
    /// <summary>The same size in both directions.</summary>
    /// <param name="size">Height and width.</param>
    public static Extent Square(int size) => new(size, size);

    /// <summary>The extent as <c>HxW</c>.</summary>
    public override string ToString() => $"{Height}x{Width}";
}

/// <summary>Rows and columns of zeros around a feature map.</summary>
/// <param name="Top">Rows above.</param>
/// <param name="Left">Columns to the left.</param>
/// <param name="Bottom">Rows below.</param>
/// <param name="Right">Columns to the right.</param>
public readonly record struct Padding(int Top, int Left, int Bottom, int Right)
{
    /// <summary>The padding of the PyTorch networks: <c>k/2</c> on every side (k odd, dilation widens it).</summary>
    /// <param name="kernel">Kernel size.</param>
    /// <param name="dilation">Distance between taps.</param>
    public static Padding Symmetric(Extent kernel, Extent dilation)
    {
        var y = (kernel.Height - 1) * dilation.Height / 2;
        var x = (kernel.Width - 1) * dilation.Width / 2;
        return new(y, x, y, x);
    }

    /// <summary>
    /// TensorFlow's SAME: the output has <c>ceil(input / stride)</c> positions, and where the number of padded rows
    /// or columns is odd the extra one is at the bottom and at the right.
    /// </summary>
    /// <param name="input">Height and width of the feature map.</param>
    /// <param name="kernel">Kernel size.</param>
    /// <param name="stride">Stride.</param>
    public static Padding Same(Extent input, Extent kernel, Extent stride)
    {
        var y = SameTotal(input.Height, kernel.Height, stride.Height);
        var x = SameTotal(input.Width, kernel.Width, stride.Width);
        return new(y / 2, x / 2, y - y / 2, x - x / 2);
    }

    private static int SameTotal(int input, int kernel, int stride)
    {
        var output = (input + stride - 1) / stride;
        return Math.Max(0, (output - 1) * stride + kernel - input);
    }
}

/// <summary>Where a convolution or pooling looks: kernel, stride, dilation and padding.</summary>
/// <param name="Kernel">Taps, at least 1x1 and at most 2^24 in all.</param>
/// <param name="Stride">Distance between neighbouring outputs, at least 1x1.</param>
/// <param name="Dilation">Distance between neighbouring taps, 1 to 2^24.</param>
/// <param name="Padding">Zeros around the input, 0 to 2^24 on each side.</param>
public readonly record struct Window(Extent Kernel, Extent Stride, Extent Dilation, Padding Padding)
{
    private const int MaximalReach = 1 << 24; // keeps positions, which kernels compute with 32 bits, in range

    /// <summary>One tap, stride 1, no padding: what a pointwise convolution sees.</summary>
    public static Window Pointwise { get; } = new(Extent.Square(1), Extent.Square(1), Extent.Square(1), default);

    /// <summary>True for one tap at stride 1 without padding.</summary>
    public bool IsPointwise => this == Pointwise;

    /// <summary>Taps, <c>kH·kW</c>.</summary>
    public int TapCount => Kernel.Height * Kernel.Width;

    /// <summary>
    /// Height and width of the output: <c>floor((input + padding - dilation·(kernel - 1) - 1) / stride) + 1</c>.
    /// </summary>
    /// <param name="height">Input rows.</param>
    /// <param name="width">Input columns.</param>
    /// <exception cref="ArgumentException">The window is not one, or does not fit into the padded input.</exception>
    public Extent OutputExtent(int height, int width)
    {
        if (!IsValid)
        {
            throw new ArgumentException(
                $"Kernel {Kernel}, stride {Stride}, dilation {Dilation}, padding {Padding}: every axis of the first "
                    + $"three must be at least 1, and no padding below 0; at most {MaximalReach} are taps, dilation or padding."
            );
        }
        var y = height + (long)Padding.Top + Padding.Bottom - (long)Dilation.Height * (Kernel.Height - 1) - 1;
        var x = width + (long)Padding.Left + Padding.Right - (long)Dilation.Width * (Kernel.Width - 1) - 1;
        if (y < 0 || x < 0)
        {
            throw new ArgumentException(
                $"A {Kernel} window with dilation {Dilation} does not fit into {height}x{width} with padding {Padding}."
            );
        }
        return new(checked((int)(y / Stride.Height)) + 1, checked((int)(x / Stride.Width)) + 1);
    }

    private bool IsValid =>
        Math.Min(Kernel.Height, Kernel.Width) >= 1
        && (long)Kernel.Height * Kernel.Width <= MaximalReach
        && Math.Min(Stride.Height, Stride.Width) >= 1
        && Math.Min(Dilation.Height, Dilation.Width) >= 1
        && Math.Max(Dilation.Height, Dilation.Width) <= MaximalReach
        && Math.Min(Math.Min(Padding.Top, Padding.Left), Math.Min(Padding.Bottom, Padding.Right)) >= 0
        && Math.Max(Math.Max(Padding.Top, Padding.Left), Math.Max(Padding.Bottom, Padding.Right)) <= MaximalReach;
}
