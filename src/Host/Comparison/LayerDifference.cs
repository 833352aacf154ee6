namespace ILGpuMobileNet.Host.Comparison;

/// <summary>Where two arrays differ most, and what stands there.</summary>
/// <param name="Image">Index of the image.</param>
/// <param name="Row">Row of the feature map.</param>
/// <param name="Column">Column of the feature map.</param>
/// <param name="Channel">Channel.</param>
/// <param name="A">The first side's value.</param>
/// <param name="B">The second side's value.</param>
public sealed record DifferencePlace(int Image, int Row, int Column, int Channel, float A, float B);

/// <summary>How far two sides are apart at one layer.</summary>
/// <param name="Name">Name of the layer on the first side.</param>
/// <param name="OtherName">Its name on the second side.</param>
/// <param name="Shape">
/// Shape on the first side: <c>HxWxC</c>; where the second side has another one, <c>[N, H, W, C]</c>, or the axes as they
/// are where one side's are no feature map's.
/// </param>
/// <param name="Diverges">Whether they are further apart than was tolerated.</param>
public sealed record LayerDifference(string Name, string OtherName, string Shape, bool Diverges)
{
    /// <summary>The second side's shape where it is another one; then no values are compared.</summary>
    public string? OtherShape { get; init; }

    /// <summary>
    /// Largest |value| of both sides; infinite values and NaN do not count. Null where there is no other value, or the
    /// shapes differ.
    /// </summary>
    public double? LargestValue { get; init; }

    /// <summary>Largest |a - b|; infinite where a side is NaN or infinite, both alike too. Null where the shapes differ.</summary>
    public double? Difference { get; init; }

    /// <summary><see cref="Difference"/> over <see cref="LargestValue"/>. Null where the shapes differ.</summary>
    public double? RelativeDifference { get; init; }

    /// <summary>Where the difference is largest; null where there is none or the shapes differ.</summary>
    public DifferencePlace? Place { get; init; }
}

/// <summary>What a comparison of two sides found.</summary>
/// <param name="A">What the first side is.</param>
/// <param name="B">What the second side is.</param>
/// <param name="Tolerance">Largest relative difference that is no divergence.</param>
/// <param name="PairedByName">
/// Whether most layers of the side that has fewer have one name on both sides, or that of one module of PyTorch; else what
/// they hold told which are the same, and where the sides are no longer alike, the order of those of one shape.
/// </param>
/// <param name="Layers">The layers that both have, in the order in which they run.</param>
/// <param name="OnlyA">Arrays of the first side that the second has not.</param>
/// <param name="OnlyB">Arrays of the second side that the first has not.</param>
public sealed record ComparisonReport(
    string A,
    string B,
    double Tolerance,
    bool PairedByName,
    IReadOnlyList<LayerDifference> Layers,
    IReadOnlyList<string> OnlyA,
    IReadOnlyList<string> OnlyB
)
{
    /// <summary>
    /// Whether so many layers could be paired that no divergence means agreement: at least half of those of the side that
    /// has fewer, sums and products not counted, and the last of a side.
    /// </summary>
    public bool IsConclusive { get; init; }

    /// <summary>The first layer that diverges, or none.</summary>
    public LayerDifference? FirstDivergence => Layers.FirstOrDefault(layer => layer.Diverges);
}
