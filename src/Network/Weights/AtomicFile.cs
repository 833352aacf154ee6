namespace ILGpuMobileNet.Network.Weights;

/// <summary>Writes files in one step, so that nobody reads half of one and a failure leaves the old one.</summary>
internal static class AtomicFile
{
    /// <summary>Writes a file beside its place and then moves it there.</summary>
    /// <param name="path">The file; an existing one is replaced.</param>
    /// <param name="write">Writes the content.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">Writing the file is not allowed.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var full = Path.GetFullPath(path);
        var fresh = $"{full}.{Path.GetRandomFileName()}";
        var stream = new FileStream(fresh, FileMode.CreateNew, FileAccess.Write);
        try
        {
            using (stream)
            {
                write(stream);
            }
            File.Move(fresh, full, overwrite: true);
        }
        catch
        {
            File.Delete(fresh);
            throw;
        }
    }
}
