using ILGpuMobileNet.Kernels;

namespace ILGpuMobileNet.Host.Images;

/// <summary>
/// What an image goes through before a network sees it: <c>(value / 255 - Mean) / Std</c> of the resized picture. It must
/// be what the weights were trained with.
/// </summary>
public sealed record Preprocessing
{
    /// <summary>Largest <see cref="ShorterSideRatio"/>.</summary>
    internal const double LargestRatio = 1000;

    /// <summary>How the size is reached.</summary>
    public required ResizeRule Resize { get; init; }

    /// <summary>
    /// Shorter side after resizing, as a multiple of the larger side of the input, at least 1: the inverse of timm's
    /// crop_pct. For <see cref="ResizeRule.ShorterSide"/> and <see cref="ResizeRule.CentralCrop"/> only.
    /// </summary>
    public double ShorterSideRatio { get; init; } = 256.0 / 224;

    /// <summary>How sizes become whole numbers; for <see cref="ResizeRule.ShorterSide"/> only.</summary>
    public ResizeRounding Rounding { get; init; }

    /// <summary>How pixels between pixels are computed.</summary>
    public Interpolation Interpolation { get; init; } = Interpolation.Bilinear;

    /// <summary>True for Pillow's resize, false for OpenCV's.</summary>
    public bool Antialias { get; init; } = true;

    /// <summary>Order of the channels in the input.</summary>
    public ChannelOrder Order { get; init; } = ChannelOrder.Rgb;

    /// <summary>Means of the colours, as fractions of 255, finite.</summary>
    public ColourValues Mean { get; init; }

    /// <summary>Standard deviations of the colours, as fractions of 255, above 0 and finite.</summary>
    public ColourValues Std { get; init; } = ColourValues.Same(1);

    /// <summary>What torchvision's ImageNet weights want: shorter side 256 for a crop of 224, antialiased.</summary>
    public static Preprocessing ImageNet { get; } =
        new()
        {
            Resize = ResizeRule.ShorterSide,
            Mean = new(0.485f, 0.456f, 0.406f),
            Std = new(0.229f, 0.224f, 0.225f),
        };

    /// <summary>What Keras' MobileNets want: <c>x / 127.5 - 1</c>, with the crop of <see cref="ImageNet"/>.</summary>
    public static Preprocessing KerasTf { get; } =
        new()
        {
            Resize = ResizeRule.ShorterSide,
            Mean = ColourValues.Same(0.5f),
            Std = ColourValues.Same(0.5f),
        };

    /// <summary>What PaddleOCR's text direction classifier wants: blue first, <c>x / 127.5 - 1</c>, padded on the right.</summary>
    public static Preprocessing PaddleTextDirection { get; } =
        new()
        {
            Resize = ResizeRule.FitHeight,
            Antialias = false,
            Order = ChannelOrder.Bgr,
            Mean = ColourValues.Same(0.5f),
            Std = ColourValues.Same(0.5f),
        };

    /// <summary>The ways above by name: <c>imagenet</c>, <c>keras</c>, <c>text-direction</c>.</summary>
    public static IReadOnlyDictionary<string, Preprocessing> Presets { get; } =
        new Dictionary<string, Preprocessing>(StringComparer.OrdinalIgnoreCase)
        {
            ["imagenet"] = ImageNet,
            ["keras"] = KerasTf,
            ["text-direction"] = PaddleTextDirection,
        };

    /// <summary>Refuses what no picture can be prepared by.</summary>
    /// <exception cref="ArgumentException">
    /// A mean or standard deviation is out of its range, or the resized image would not cover the input.
    /// </exception>
    internal void Check()
    {
        float[] means = [Mean.Red, Mean.Green, Mean.Blue];
        float[] deviations = [Std.Red, Std.Green, Std.Blue];
        if (
            !means.Concat(deviations).All(float.IsFinite)
            || !deviations.All(deviation => deviation > 0 && float.IsFinite(1 / deviation))
        )
        {
            throw new ArgumentException(
                $"Got means (--mean, in the library Mean) {ItemText.Of(Mean)} and standard deviations (--std, in the library "
                    + $"Std) {ItemText.Of(Std)}, expected finite numbers, the deviations above 0; 0 and 1 leave values as "
                    + "they are."
            );
        }
        var usesRatio = Resize is ResizeRule.ShorterSide or ResizeRule.CentralCrop;
        if (usesRatio && ShorterSideRatio is not (>= 1 and <= LargestRatio))
        {
            throw new ArgumentException(
                $"The shorter side (--resize or --crop, in the library ShorterSideRatio) is to be {ShorterSideRatio} times "
                    + $"the input; expected 1, so that the image covers it, to {LargestRatio}."
            );
        }
    }

    /// <summary>The resize of an image to an input.</summary>
    /// <param name="width">Columns of the image.</param>
    /// <param name="height">Rows of the image.</param>
    /// <param name="target">Rows and columns of the input.</param>
    internal ResizeGeometry Geometry(int width, int height, Extent target) =>
        Resize switch
        {
            ResizeRule.ShorterSide => CropMiddle(width, height, target),
            ResizeRule.FitHeight => PadRight(width, height, target),
            _ => new(new(height, target.Height, 0, target.Height), new(width, target.Width, 0, target.Width)),
        };

    /// <summary>The resized shorter side for an input.</summary>
    internal long ShorterSide(Extent target)
    {
        var exact = ShorterSideRatio * Math.Max(target.Height, target.Width);
        // The ratio is the inverse of a fraction such as 0.875; what rounding it costs must not cost a pixel.
        return (long)(Rounding == ResizeRounding.Timm ? Math.Floor(exact + 1e-6) : Math.Round(exact));
    }

    /// <summary>The part of an image that is resized at all: everything, or the middle of both sides.</summary>
    /// <param name="width">Columns of the image.</param>
    /// <param name="height">Rows of the image.</param>
    internal (Extent Offset, Extent Size) Visible(int width, int height)
    {
        var offset = Resize == ResizeRule.CentralCrop ? new Extent(Margin(height), Margin(width)) : default;
        return (offset, new(height - 2 * offset.Height, width - 2 * offset.Width));
    }

    // tf.image.central_crop cuts the fraction of the margin off; whatever the ratio, a pixel is left.
    private int Margin(int side) => Math.Min((int)((side - side / ShorterSideRatio) / 2), (side - 1) / 2);

    private ResizeGeometry CropMiddle(int width, int height, Extent target)
    {
        var shorter = ShorterSide(target);
        var exact = (double)shorter * Math.Max(width, height) / Math.Min(width, height);
        var longer = (long)(Rounding == ResizeRounding.Paddle ? Math.Round(exact) : exact);
        var (rows, columns) = width <= height ? (longer, shorter) : (shorter, longer);
        return new(
            new(height, rows, MiddleOffset(rows, target.Height), target.Height),
            new(width, columns, MiddleOffset(columns, target.Width), target.Width)
        );
    }

    private long MiddleOffset(long resized, int length) =>
        Rounding == ResizeRounding.Paddle ? (resized - length) / 2 : (long)Math.Round((resized - length) / 2.0);

    private static ResizeGeometry PadRight(int width, int height, Extent target)
    {
        var columns = Math.Min(target.Width, Math.Ceiling(target.Height * (width / (double)height)));
        return new(new(height, target.Height, 0, target.Height), new(width, (long)columns, 0, target.Width));
    }
}
