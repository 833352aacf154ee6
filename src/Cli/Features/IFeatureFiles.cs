using ILGpuMobileNet.Host.Features;

namespace ILGpuMobileNet.Cli.Features;

/// <summary>Where <c>features</c> writes.</summary>
internal interface IFeatureFiles
{
    /// <summary>What was written, in a line.</summary>
    string Summary { get; }

    /// <summary>Takes the features of the next picture, or none where there is an error.</summary>
    /// <param name="result">The features.</param>
    void Add(FeatureResult result);

    /// <summary>Ends the files.</summary>
    void Finish();
}
