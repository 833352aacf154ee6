using ILGpuMobileNet.Host;

namespace ILGpuMobileNet.Cli.Reports;

/// <summary>How results of a classification reach the user.</summary>
internal interface IClassificationReport
{
    /// <summary>Takes the next result.</summary>
    /// <param name="result">An image's classes, or what is wrong with it.</param>
    void Add(ClassificationResult result);

    /// <summary>Called once, after the last result.</summary>
    void Finish();
}
