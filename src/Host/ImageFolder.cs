using System.IO.Enumeration;

namespace ILGpuMobileNet.Host;

/// <summary>Finds the images that a user means by a list of files and folders.</summary>
public static class ImageFolder
{
    private static readonly string[] Extensions = [".png", ".jpg", ".jpeg", ".bmp", ".pnm", ".ppm", ".pgm", ".pbm"];

    /// <summary>
    /// Files stay as they are; a folder stands for its image files (by extension), sorted ordinally. A path that is
    /// neither is kept, so that whoever opens it reports it. Hidden files and folders in a folder do not count. Folders
    /// are read as the enumeration comes to them, and no more is kept than the names in those that it is in.
    /// </summary>
    /// <param name="paths">Files and folders.</param>
    /// <param name="recursive">Whether a folder's folders count too; linked folders never do, they could form a circle.</param>
    /// <exception cref="IOException">A folder cannot be read, or has a name in it that is not UTF-8.</exception>
    /// <exception cref="UnauthorizedAccessException">A folder may not be read.</exception>
    public static IEnumerable<string> Enumerate(IEnumerable<string> paths, bool recursive)
    {
        ArgumentNullException.ThrowIfNull(paths);
        return paths.SelectMany<string, string>(path => Directory.Exists(path) ? ImagesIn(path, recursive) : [path]);
    }

    // A folder's name is sorted with its separator, so that going into folders as they come gives the order of whole paths.
    private static IEnumerable<string> ImagesIn(string folder, bool recursive)
    {
        var options = new EnumerationOptions { IgnoreInaccessible = false };
        var names = new FileSystemEnumerable<string>(folder, NameOf, options)
        {
            ShouldIncludePredicate = (ref entry) =>
                entry.IsDirectory ? recursive && !IsLink(ref entry) : IsImage(entry.FileName),
        };
        foreach (var name in names.Order(StringComparer.Ordinal))
        {
            var path = Path.Join(folder, name);
            CheckName(path);
            IEnumerable<string> images = Path.EndsInDirectorySeparator(name) ? ImagesIn(path, recursive) : [path];
            foreach (var image in images)
            {
                yield return image;
            }
        }
    }

    // Where bytes of a name are no text, others stand for them, which several names may have in common.
    private static void CheckName(string path)
    {
        if (path.Contains('\uFFFD', StringComparison.Ordinal) && !Path.Exists(path))
        {
            throw new IOException($"'{path}' has a name that is not UTF-8, so that it cannot be opened. Rename it.");
        }
    }

    private static string NameOf(ref FileSystemEntry entry) =>
        entry.IsDirectory ? $"{entry.FileName}{Path.DirectorySeparatorChar}" : entry.FileName.ToString();

    private static bool IsLink(ref FileSystemEntry entry) => entry.Attributes.HasFlag(FileAttributes.ReparsePoint);

    private static bool IsImage(ReadOnlySpan<char> fileName)
    {
        var extension = Path.GetExtension(fileName).ToString();
        return Extensions.Contains(extension, StringComparer.OrdinalIgnoreCase);
    }
}
