namespace ILGpuMobileNet.Host.Images;

/// <summary>How an image is brought to the size of a network's input.</summary>
public enum ResizeRule
{
    /// <summary>
    /// As torchvision: the shorter side becomes <see cref="Preprocessing.ShorterSideRatio"/> times the larger side of
    /// the input, the other side keeps the aspect, and the middle is cut out.
    /// </summary>
    ShorterSide,

    /// <summary>Both sides become those of the input; the aspect changes.</summary>
    Stretch,

    /// <summary>
    /// As PaddleOCR: the height becomes that of the input, the width keeps the aspect (rounded up) but is at most that
    /// of the input; what remains on the right is 0 after normalisation.
    /// </summary>
    FitHeight,
}
