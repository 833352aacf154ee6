namespace ILGpuMobileNet.Host.Images;

/// <summary>How an image is brought to the size of a network's input.</summary>
public enum ResizeRule
{
    /// <summary>
    /// The shorter side becomes <see cref="Preprocessing.ShorterSideRatio"/> times the larger side of the input, the
    /// other side keeps the aspect, and the middle is cut out; <see cref="Preprocessing.Rounding"/> says how each of
    /// these becomes a whole number.
    /// </summary>
    ShorterSide,

    /// <summary>Both sides become those of the input; the aspect changes.</summary>
    Stretch,

    /// <summary>
    /// As PaddleOCR: the height becomes that of the input, the width keeps the aspect (rounded up) but is at most that
    /// of the input; what remains on the right is 0 after normalisation.
    /// </summary>
    FitHeight,

    /// <summary>
    /// As TF-slim: the middle <c>1 / ShorterSideRatio</c> of each side is cut out first, and then both sides become those
    /// of the input; the aspect changes.
    /// </summary>
    CentralCrop,
}

/// <summary>How an ecosystem makes whole numbers of the sizes and offsets of <see cref="ResizeRule.ShorterSide"/>.</summary>
public enum ResizeRounding
{
    /// <summary>The fraction of the longer side is cut off, offsets are rounded half to even.</summary>
    Torchvision,

    /// <summary>As torchvision, but the fraction of the shorter side is cut off too (crop_pct).</summary>
    Timm,

    /// <summary>The longer side is rounded half to even, fractions of offsets are cut off.</summary>
    Paddle,
}
