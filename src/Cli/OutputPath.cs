namespace ILGpuMobileNet.Cli;

/// <summary>Files that a command is to write.</summary>
internal static class OutputPath
{
    /// <summary>Refuses a path that no file can be written to, before work is done for nothing.</summary>
    /// <param name="option">The option that named it, for the error.</param>
    /// <param name="path">The path.</param>
    /// <returns>The full path.</returns>
    /// <exception cref="IOException">It is a folder, or its folder is missing.</exception>
    public static string Check(string option, string path)
    {
        var full = Path.GetFullPath(path);
        if (Directory.Exists(full))
        {
            throw new IOException($"{option} {path} is a folder; name a file.");
        }
        return Directory.Exists(Path.GetDirectoryName(full))
            ? full
            : throw new DirectoryNotFoundException($"The folder of {option} {path} is missing; create it first.");
    }
}
