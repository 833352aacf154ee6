namespace ILGpuMobileNet.Network.Weights;

/// <summary>
/// A model or weight file that cannot be used: what was got, what was expected, and the remedy. The message has a bounded
/// length and is one line, whatever the file has where its names should be.
/// </summary>
public sealed class ModelFormatException : Exception
{
    /// <summary>Describes the fault.</summary>
    /// <param name="file">Path of the file, or the name of the stream.</param>
    /// <param name="fault">What was got and what was expected, naming the tensor or node.</param>
    /// <param name="remedy">What the user can do.</param>
    /// <param name="cause">The underlying exception, if any.</param>
    public ModelFormatException(string file, string fault, string remedy, Exception? cause = null)
        : base($"{file}: {ShownText.Of(fault)} {ShownText.Of(remedy)}", cause) => File = file;

    /// <summary>Path of the file, or the name of the stream.</summary>
    public string File { get; }
}
