namespace ILGpuMobileNet.Host;

/// <summary>What a network says about one image, or why it could not be asked.</summary>
public sealed record ClassificationResult
{
    private ClassificationResult(string name) => File = name;

    /// <summary>Path of the image, or the name given to an image from memory.</summary>
    public string File { get; }

    /// <summary>The best classes, best first; empty when there is an <see cref="Error"/>.</summary>
    public IReadOnlyList<Prediction> Predictions { get; private init; } = [];

    /// <summary>What is wrong with the image, or null.</summary>
    public string? Error { get; private init; }

    /// <summary>The best class.</summary>
    /// <exception cref="InvalidOperationException">The image could not be classified.</exception>
    public Prediction Top =>
        Error is null ? Predictions[0] : throw new InvalidOperationException($"{File} was not classified: {Error}");

    internal static ClassificationResult Done(string file, IReadOnlyList<Prediction> predictions) =>
        new(file) { Predictions = predictions };

    internal static ClassificationResult Failed(string file, string error) => new(file) { Error = error };
}
