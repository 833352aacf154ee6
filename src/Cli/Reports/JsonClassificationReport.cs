using ILGpuMobileNet.Host;
using ILGpuMobileNet.Host.Bulk;

namespace ILGpuMobileNet.Cli.Reports;

/// <summary>One JSON document for all images.</summary>
/// <param name="output">Receives the document.</param>
/// <param name="classifier">Its model and device stand in the document.</param>
internal sealed class JsonClassificationReport(TextWriter output, Classifier classifier) : IClassificationReport
{
    private readonly List<ClassifiedImage> _images = [];

    /// <inheritdoc/>
    public void Add(ClassificationResult result) => _images.Add(ClassifiedImage.Of(result));

    /// <inheritdoc/>
    public void Finish() =>
        JsonOutput.Write(output, new(classifier.Model, classifier.Device, _images), JsonOutput.Indented.Classification);
}
