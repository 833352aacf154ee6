using ILGpuMobileNet.Host;

namespace ILGpuMobileNet.Cli.Reports;

/// <summary>One line for each image: its path and its best classes.</summary>
/// <param name="output">Receives the lines.</param>
internal sealed class TextClassificationReport(TextWriter output) : IClassificationReport
{
    /// <inheritdoc/>
    public void Add(ClassificationResult result)
    {
        if (result.Error is null)
        {
            output.WriteLine($"{result.File}: {string.Join(", ", result.Predictions)}");
        }
    }

    /// <inheritdoc/>
    public void Finish() => output.Flush();
}
