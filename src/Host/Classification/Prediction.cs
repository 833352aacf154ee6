namespace ILGpuMobileNet.Host;

/// <summary>One class that a network gave to an image.</summary>
/// <param name="Label">Name of the class.</param>
/// <param name="Index">Its index in the network's output, from 0.</param>
/// <param name="Score">Softmax score, from 0 to 1; all classes of an image sum to 1.</param>
public readonly record struct Prediction(string Label, int Index, double Score)
{
    /// <summary>The label and its score in percent: <c>tabby cat 97.31%</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"{Label} {Score * 100:0.00}%");
}
