using System.IO.Enumeration;

namespace ILGpuMobileNet.Host;

/// <summary>Finds the images that a user means by a list of files and folders.</summary>
public static class ImageFolder
{
    private static readonly string[] Extensions = [".png", ".jpg", ".jpeg", ".bmp", ".pnm", ".ppm", ".pgm", ".pbm"];

    /// <summary>
    /// Files stay as they are; a folder stands for its image files (by extension), sorted ordinally. A path that is
    /// neither is kept, so that whoever opens it reports it. Hidden files and folders in a folder do not count.
    /// </summary>
    /// <param name="paths">Files and folders.</param>
    /// <param name="recursive">Whether a folder's folders count too; linked folders never do, they could form a circle.</param>
    /// <exception cref="IOException">A folder cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A folder may not be read.</exception>
    public static IEnumerable<string> Enumerate(IEnumerable<string> paths, bool recursive)
    {
        ArgumentNullException.ThrowIfNull(paths);
        return paths.SelectMany<string, string>(path => Directory.Exists(path) ? ImagesIn(path, recursive) : [path]);
    }

    private static IOrderedEnumerable<string> ImagesIn(string folder, bool recursive)
    {
        var options = new EnumerationOptions { RecurseSubdirectories = recursive, IgnoreInaccessible = false };
        var files = new FileSystemEnumerable<string>(folder, (ref entry) => entry.ToSpecifiedFullPath(), options)
        {
            ShouldIncludePredicate = (ref entry) => !entry.IsDirectory && IsImage(entry.FileName),
            ShouldRecursePredicate = (ref entry) => !entry.Attributes.HasFlag(FileAttributes.ReparsePoint),
        };
        return files.Order(StringComparer.Ordinal);
    }

    private static bool IsImage(ReadOnlySpan<char> fileName)
    {
        var extension = Path.GetExtension(fileName).ToString();
        return Extensions.Contains(extension, StringComparer.OrdinalIgnoreCase);
    }
}
