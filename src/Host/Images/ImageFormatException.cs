namespace ILGpuMobileNet.Host.Images;

/// <summary>An image file that cannot be used: what was got, what was expected, and the remedy.</summary>
public sealed class ImageFormatException : Exception
{
    /// <summary>Describes the fault.</summary>
    /// <param name="file">Path of the file, or the name of the bytes.</param>
    /// <param name="fault">What was got and what was expected.</param>
    /// <param name="remedy">What the user can do.</param>
    /// <param name="cause">The underlying exception, if any.</param>
    public ImageFormatException(string file, string fault, string remedy, Exception? cause = null)
        : base($"{file}: {fault} {remedy}", cause) => (File, Fault, Remedy) = (file, fault, remedy);

    /// <summary>Path of the file, or the name of the bytes.</summary>
    public string File { get; }

    /// <summary>What was got and what was expected.</summary>
    public string Fault { get; }

    /// <summary>What the user can do.</summary>
    public string Remedy { get; }
}
