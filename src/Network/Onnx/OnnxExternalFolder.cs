using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Network.Onnx;

/// <summary>Finds files by the names that an ONNX file has for them, nowhere but in its own folder.</summary>
/// <param name="source">Path of the ONNX file.</param>
internal sealed class OnnxExternalFolder(string source)
{
    private static readonly char[] s_separators = ['/', '\\']; // whichever system wrote the name
    private static readonly char[] s_forbidden = [':', '\0']; // drives and streams of Windows, ends of C

    private readonly string _folder = Path.GetDirectoryName(Path.GetFullPath(source))!;

    /// <summary>The path of a file.</summary>
    /// <param name="location">Its name in the ONNX file.</param>
    /// <param name="tensor">The tensor that asks for it.</param>
    /// <exception cref="ModelFormatException">The name, or a link on the way, leads out of the folder.</exception>
    public string PathOf(string location, string tensor)
    {
        var parts = location.Split(s_separators);
        if (location.IndexOfAny(s_forbidden) >= 0 || parts.Any(part => part is "" or ".." or "."))
        {
            throw Outside(tensor, $"'{location}', expected the relative path of a file in the model's folder");
        }
        var path = _folder;
        foreach (var part in parts)
        {
            path = Path.Combine(path, part);
            if (!IsInside(ModelFile.Target(path).FullName))
            {
                throw Outside(tensor, $"'{location}', a link to a place outside the model's folder");
            }
        }
        return path;
    }

    private bool IsInside(string path)
    {
        var relative = Path.GetRelativePath(_folder, path);
        return !Path.IsPathRooted(relative) && relative.Split(s_separators)[0] != "..";
    }

    private ModelFormatException Outside(string tensor, string place) =>
        new(
            source,
            $"tensor '{tensor}' has its elements in {place}.",
            "Copy that file beside the model, and name it so when exporting, if you trust both."
        );
}
