using System.Globalization;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Network.Onnx;

/// <summary>
/// The files beside an ONNX file that hold elements of its tensors. They must lie in its folder; what is read is bounded
/// by what they really have.
/// </summary>
/// <param name="source">Path of the ONNX file.</param>
internal sealed class OnnxExternalData(string source) : IDisposable
{
    private const string Damaged = "The file is damaged; export it again.";
    private const int MostReads = 2; // of a file's bytes: tensors may share some, but not grow without limit

    private readonly OnnxExternalFolder _folder = new(source);
    private readonly Dictionary<string, OpenFile> _files = new(StringComparer.Ordinal);

    private sealed record OpenFile(FileStream Stream)
    {
        public long ClaimedBytes { get; set; }
    }

    /// <summary>Finds the elements of a tensor.</summary>
    /// <param name="place">Where they are.</param>
    /// <param name="tensor">Name of the tensor.</param>
    /// <param name="type">Their type.</param>
    /// <param name="count">How many there are.</param>
    /// <exception cref="ModelFormatException">The place is not in the folder, or the file does not have the elements.</exception>
    public OnnxElements Find(OnnxExternalPlace place, string tensor, ElementType type, int count)
    {
        var size = Elements.SizeInBytes(type, count);
        var offset = Number(place.Offset, 0, "offset", tensor);
        var length = Number(place.Length, size, "length", tensor);
        if (length != size)
        {
            throw Fault(
                tensor,
                $"of {count} {type} elements needs {size} bytes of its file, but names {length}.",
                Damaged
            );
        }
        var location = place.Location ?? throw Fault(tensor, "names no file for its elements.", Damaged);
        var file = Open(location, tensor);
        if (offset > file.Stream.Length - size)
        {
            throw Fault(
                tensor,
                $"has its elements at bytes {offset} to {offset + (decimal)size} of '{location}', which has {file.Stream.Length}.",
                "The other file is cut off or belongs to another model; get both again."
            );
        }
        Spend(file, size, location, tensor);
        return new StreamElements(file.Stream, offset, size, AreRaw: true);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var file in _files.Values)
        {
            file.Stream.Dispose();
        }
    }

    private OpenFile Open(string location, string tensor)
    {
        if (!_files.TryGetValue(location, out var file))
        {
            file = new(OpenStream(_folder.PathOf(location, tensor), location, tensor));
            _files.Add(location, file);
        }
        return file;
    }

    private FileStream OpenStream(string path, string location, string tensor)
    {
        try
        {
            return ModelFile.Open(path);
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Fault(
                tensor,
                $"has its elements in '{location}', which is not there.",
                $"Put that file into {Path.GetDirectoryName(path)}, under this name."
            );
        }
    }

    private void Spend(OpenFile file, long size, string location, string tensor)
    {
        file.ClaimedBytes += size;
        if (file.ClaimedBytes > MostReads * file.Stream.Length)
        {
            throw Fault(tensor, $"and others read '{location}' several times over, more than twice its size.", Damaged);
        }
    }

    private long Number(string? text, long absent, string what, string tensor)
    {
        if (text is null)
        {
            return absent;
        }
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw Fault(tensor, $"has the {what} '{text}' of external data, expected a number below 2^63.", Damaged);
    }

    private ModelFormatException Fault(string tensor, string fault, string remedy) =>
        new(source, $"tensor '{tensor}' {fault}", remedy);
}
