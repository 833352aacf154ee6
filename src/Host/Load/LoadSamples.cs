namespace ILGpuMobileNet.Host.Load;

/// <summary>The images that a load generator asks about.</summary>
public sealed class LoadSamples
{
    /// <summary>How many there are unless a number is given.</summary>
    public const int DefaultCount = 64;

    private LoadSamples(int arrayCount, IReadOnlyList<string> files) => (ArrayCount, Files) = (arrayCount, files);

    /// <summary>Arrays in memory; 0 where there are files.</summary>
    internal int ArrayCount { get; }

    /// <summary>Image files; empty where there are arrays.</summary>
    internal IReadOnlyList<string> Files { get; }

    /// <summary>Random arrays as the network wants them: nothing is decoded.</summary>
    /// <param name="count">How many, at least 1; all are kept in memory.</param>
    public static LoadSamples Arrays(int count = DefaultCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return new(count, []);
    }

    /// <summary>Image files: each answer includes reading, decoding and resizing one.</summary>
    /// <param name="files">At least one.</param>
    public static LoadSamples Pictures(IReadOnlyList<string> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentOutOfRangeException.ThrowIfLessThan(files.Count, 1, nameof(files));
        return new(0, [.. files]);
    }
}
