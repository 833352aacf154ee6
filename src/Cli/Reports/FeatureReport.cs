using ILGpuMobileNet.Host.Features;

namespace ILGpuMobileNet.Cli.Reports;

/// <summary>What <c>features --json</c> prints.</summary>
/// <param name="Model">Name or file of the model.</param>
/// <param name="Device">The device used.</param>
/// <param name="Output">The file or folder written.</param>
/// <param name="Features">What was written for each picture.</param>
/// <param name="Images">The pictures, in the order of the rows.</param>
internal sealed record FeatureReport(
    string Model,
    string Device,
    string Output,
    IReadOnlyList<WrittenFeature> Features,
    IReadOnlyList<FeatureOutcome> Images
)
{
    /// <summary>The report of a run.</summary>
    /// <param name="extractor">What made the features.</param>
    /// <param name="output">The file or folder written.</param>
    /// <param name="outcomes">The pictures.</param>
    public static FeatureReport Of(FeatureExtractor extractor, string output, IReadOnlyList<FeatureOutcome> outcomes) =>
        new(
            extractor.Model,
            extractor.Device,
            output,
            [.. extractor.Features.Zip(extractor.Axes, (feature, axes) => new WrittenFeature(feature.Name, axes))],
            outcomes
        );
}

/// <summary>A feature of <see cref="FeatureReport"/>.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Axes">Its axes for one picture: <c>[C]</c> or <c>[C, H, W]</c>.</param>
internal sealed record WrittenFeature(string Name, IReadOnlyList<int> Axes);

/// <summary>A picture of <see cref="FeatureReport"/>.</summary>
/// <param name="File">Its path.</param>
/// <param name="Error">What is wrong with it, or null.</param>
internal sealed record FeatureOutcome(string File, string? Error);
