namespace ILGpuMobileNet.Host.Bulk;

/// <summary>A result as JSON has it, in a file of results and in what the tool prints.</summary>
/// <param name="File">Path of the image.</param>
/// <param name="Predictions">Its classes, best first.</param>
/// <param name="Error">What is wrong with it, or null.</param>
internal sealed record ClassifiedImage(string File, IReadOnlyList<Prediction> Predictions, string? Error)
{
    /// <summary>A result as it stands in JSON.</summary>
    /// <param name="result">The result.</param>
    public static ClassifiedImage Of(ClassificationResult result) => new(result.File, result.Predictions, result.Error);
}
