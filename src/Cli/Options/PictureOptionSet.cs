using System.CommandLine;
using ILGpuMobileNet.Host;
using ILGpuMobileNet.Host.Images;
using ILGpuMobileNet.Kernels;

namespace ILGpuMobileNet.Cli.Options;

/// <summary>The options that say how pictures are prepared, as a whole and item by item.</summary>
internal sealed class PictureOptionSet
{
    private const int LargestSide = 1 << 16;

    private readonly Option<Preprocessing?> _preprocessing = Parsed.Option<Preprocessing?>(
        "--preprocessing",
        "NAME",
        $"How pictures are prepared: {string.Join(", ", Preprocessing.Presets.Keys)}. Default: what the weights were "
            + "trained with; for an ONNX file imagenet.",
        Parsed.Preprocessing
    );

    private readonly Option<PreprocessingChanges?> _resize = Parsed.Option<PreprocessingChanges?>(
        "--resize",
        "RULE|PIXELS",
        $"{ItemText.Values<ResizeRule>()}, or the shorter side in pixels before the crop.",
        ParseResize
    );

    private readonly Option<double?> _crop = Parsed.Option<double?>(
        "--crop",
        "FRACTION",
        "Part of the resized picture that the crop keeps (timm's crop_pct), for example 0.875.",
        text => ItemText.ParsePositive(text)
    );

    private readonly Option<ResizeRounding?> _rounding = Parsed.Option<ResizeRounding?>(
        "--rounding",
        "NAME",
        $"Whose sizes are rounded to whole pixels before a crop: {ItemText.Values<ResizeRounding>()}.",
        text => ItemText.Parse<ResizeRounding>(text)
    );

    private readonly Option<Interpolation?> _interpolation = Parsed.Option<Interpolation?>(
        "--interpolation",
        "NAME",
        $"{ItemText.Values<Interpolation>()}.",
        text => ItemText.Parse<Interpolation>(text)
    );

    private readonly Option<bool?> _antialias = new("--antialias")
    {
        HelpName = "true|false",
        Description = "Whether a smaller picture is averaged (Pillow) or sampled (OpenCV).",
    };

    private readonly Option<ChannelOrder?> _order = Parsed.Option<ChannelOrder?>(
        "--channel-order",
        "ORDER",
        $"{ItemText.Values<ChannelOrder>()}.",
        text => ItemText.Parse<ChannelOrder>(text)
    );

    private readonly Option<ColourValues?> _mean = Parsed.Option<ColourValues?>(
        "--mean",
        "R,G,B",
        "Means of the colours as fractions of 255, or one for all.",
        text => ItemText.ParseColours(text)
    );

    private readonly Option<ColourValues?> _std = Parsed.Option<ColourValues?>(
        "--std",
        "R,G,B",
        "Standard deviations of the colours as fractions of 255, or one for all.",
        text => ItemText.ParseDeviations(text)
    );

    /// <summary>Adds them.</summary>
    /// <param name="command">The command.</param>
    public void AddTo(Command command)
    {
        command.Add(_preprocessing);
        command.Add(_resize);
        command.Add(_crop);
        command.Add(_rounding);
        command.Add(_interpolation);
        command.Add(_antialias);
        command.Add(_order);
        command.Add(_mean);
        command.Add(_std);
    }

    /// <summary>The model's options with what was said about pictures.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="options">The model's options.</param>
    public ModelOptions Apply(ParseResult arguments, ModelOptions options)
    {
        var changes = (arguments.GetValue(_resize) ?? new()) with
        {
            CropFraction = arguments.GetValue(_crop),
            Rounding = arguments.GetValue(_rounding),
            Interpolation = arguments.GetValue(_interpolation),
            Antialias = arguments.GetValue(_antialias),
            Order = arguments.GetValue(_order),
            Mean = arguments.GetValue(_mean),
            Std = arguments.GetValue(_std),
        };
        return options with
        {
            Preprocessing = arguments.GetValue(_preprocessing),
            PreprocessingChanges = changes.IsEmpty ? null : changes,
        };
    }

    private static PreprocessingChanges ParseResize(string text) =>
        char.IsAsciiDigit(text.FirstOrDefault())
            ? new() { ShorterSide = ItemText.ParseInteger(text, 1, LargestSide) }
            : new() { Resize = ItemText.Parse<ResizeRule>(text) };
}
