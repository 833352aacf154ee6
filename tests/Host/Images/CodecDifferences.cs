namespace ILGpuMobileNet.Host.Tests.Images;

/// <summary>What ImageSharp, which can take the place of the built-in codecs for PNG and JPEG, does otherwise.</summary>
internal static class CodecDifferences
{
    public static bool IsBuiltIn => ImageFile.CodecName == "built-in";

    /// <summary>True if this build's codec decodes the file, false if it is read by our own code in every build.</summary>
    public static bool IsSwitched(string file) =>
        file.StartsWith("png-", StringComparison.Ordinal) || file.StartsWith("jpeg-", StringComparison.Ordinal);

    /// <summary>How ImageSharp's pixels may differ; null where its codec is known to be wrong.</summary>
    /// <remarks>
    /// Its inverse cosine transform is in floats; it repeats subsampled colours instead of interpolating them, which
    /// shows at edges, so that there only the mean is held; and it clamps inks in another order.
    /// </remarks>
    public static PixelTolerance? OfImageSharp(string file) =>
        file switch
        {
            // It loses pixels of interlaced images with less than five columns.
            "png-adam7-2x3.png" => null,
            // It does not end runs of empty blocks at a restart.
            "jpeg-restart-progressive.jpg" => null,
            _ when !IsSwitched(file) => default(PixelTolerance),
            _ when file.StartsWith("png-", StringComparison.Ordinal) => new(1, 1),
            _ when file.StartsWith("jpeg-444", StringComparison.Ordinal) => new(3, 1),
            _ => new(255, 16),
        };
}

/// <summary>Largest and mean difference allowed, in levels of 255.</summary>
internal readonly record struct PixelTolerance(int Largest, double Mean);
