using ILGpuMobileNet.Kernels;

namespace ILGpuMobileNet.Host.Images;

/// <summary>Single items that are to differ from the way a model's pictures are prepared; null leaves an item as it is.</summary>
public sealed record PreprocessingChanges
{
    /// <summary>How the size is reached.</summary>
    public ResizeRule? Resize { get; init; }

    /// <summary>The shorter side after resizing, in pixels; implies <see cref="ResizeRule.ShorterSide"/>.</summary>
    public int? ShorterSide { get; init; }

    /// <summary>The part of the resized picture that the crop keeps, above 0 and at most 1: timm's crop_pct.</summary>
    public double? CropFraction { get; init; }

    /// <summary>How sizes become whole numbers; for <see cref="ResizeRule.ShorterSide"/> only.</summary>
    public ResizeRounding? Rounding { get; init; }

    /// <summary>How pixels between pixels are computed.</summary>
    public Interpolation? Interpolation { get; init; }

    /// <summary>True for Pillow's resize, false for OpenCV's.</summary>
    public bool? Antialias { get; init; }

    /// <summary>Order of the channels.</summary>
    public ChannelOrder? Order { get; init; }

    /// <summary>Means of the colours, as fractions of 255.</summary>
    public ColourValues? Mean { get; init; }

    /// <summary>Standard deviations of the colours, as fractions of 255.</summary>
    public ColourValues? Std { get; init; }

    /// <summary>Whether anything is to differ.</summary>
    public bool IsEmpty => this == new PreprocessingChanges();

    /// <summary>The changed way.</summary>
    /// <param name="way">The way as the model has it.</param>
    /// <param name="input">Rows and columns of the network's input.</param>
    /// <exception cref="ArgumentException">The items do not go together.</exception>
    public Preprocessing ApplyTo(Preprocessing way, Extent input)
    {
        ArgumentNullException.ThrowIfNull(way);
        var changed = way with
        {
            Resize = Resize ?? (ShorterSide is null ? way.Resize : ResizeRule.ShorterSide),
            Rounding = Rounding ?? way.Rounding,
            Interpolation = Interpolation ?? way.Interpolation,
            Antialias = Antialias ?? way.Antialias,
            Order = Order ?? way.Order,
            Mean = Mean ?? way.Mean,
            Std = Std ?? way.Std,
        };
        return RatioFor(input) is { } ratio ? WithRatio(changed, ratio) : changed;
    }

    private double? RatioFor(Extent input) =>
        (ShorterSide, CropFraction) switch
        {
            (not null, not null) => throw new ArgumentException(
                "The shorter side and the fraction of the crop say the same in two ways; give one of them."
            ),
            ({ } side, null) => RatioOf(side, Math.Max(input.Height, input.Width)),
            (null, { } fraction) => fraction is > 0 and <= 1
                ? 1 / fraction
                : throw new ArgumentException(
                    $"The crop (--crop, in the library CropFraction) keeps {fraction} of the picture, expected above 0 and at "
                        + "most 1."
                ),
            _ => null,
        };

    private static double RatioOf(int side, int input) =>
        side >= input
            ? (double)side / input
            : throw new ArgumentException(
                $"The shorter side (--resize, in the library ShorterSide) is {side} pixels, but the input has {input}; give "
                    + "as many at least, so that the image covers it."
            );

    private static Preprocessing WithRatio(Preprocessing way, double ratio) =>
        way.Resize is ResizeRule.ShorterSide or ResizeRule.CentralCrop
            ? way with
            {
                ShorterSideRatio = ratio,
            }
            : throw new ArgumentException(
                $"The resize '{ItemText.Of(way.Resize)}' crops nothing; a crop needs shorter-side or central-crop."
            );
}
