using System.Text;

namespace ILGpuMobileNet.Network.Weights;

/// <summary>
/// Opens what <c>torch.save</c> writes since version 1.6: a zip archive of uncompressed entries, of which
/// <c>data.pkl</c> is a pickle that names the tensors and <c>data/0</c>, <c>data/1</c> ... are their storages.
/// </summary>
internal static class PyTorchFile
{
    private const string PickleName = "data.pkl";
    private const int MaxByteOrderSizeInBytes = 16;

    /// <summary>Reads the archive's directory and its pickle.</summary>
    /// <param name="stream">The file; the result owns it.</param>
    /// <param name="path">Its path.</param>
    /// <param name="cancellationToken">Ends the reading early.</param>
    /// <exception cref="ModelFormatException">The file is not valid, or holds more than tensors.</exception>
    public static WeightFile Open(Stream stream, string path, CancellationToken cancellationToken)
    {
        var entries = ZipDirectory
            .Read(stream, path, cancellationToken)
            .ToDictionary(entry => entry.Name, StringComparer.Ordinal);
        var root = RootOf(entries.Keys, path);
        foreach (var entry in entries.Values.Where(entry => entry.IsDeflated))
        {
            var fault = $"its entry '{entry.Name}' is compressed, which PyTorch never does.";
            throw new ModelFormatException(path, fault, "Get the file as PyTorch wrote it.");
        }
        CheckByteOrder(entries.GetValueOrDefault(root + "byteorder"), stream, path);
        var vocabulary = new TorchVocabulary(path, key => entries.GetValueOrDefault($"{root}data/{key}"));
        var pickle = entries[root + PickleName];
        var content = PickleMachine.Read(
            new PickleReader(stream, pickle.Offset, pickle.Size, cancellationToken),
            vocabulary
        );
        var (places, metadata) = StateDictionary.Find(content, stream.Length, vocabulary);
        return new StreamWeightFile(path, WeightFormat.PyTorch, stream, places, metadata);
    }

    // All entries lie in one folder, whose name is that of the file when it was written.
    private static string RootOf(IReadOnlyCollection<string> names, string path)
    {
        var pickle = names.FirstOrDefault(name =>
            name.IndexOf('/', StringComparison.Ordinal) is var end and >= 0 && name[(end + 1)..] == PickleName
        );
        if (pickle is null)
        {
            var first = names.FirstOrDefault();
            throw new ModelFormatException(
                path,
                $"is a zip archive, but not PyTorch's: it has no {PickleName}{(first is null ? "" : $" ('{first}' is in it)")}.",
                "Give a file of weights."
            );
        }
        var root = pickle[..^PickleName.Length];
        return names.Any(name =>
            name == root + "constants.pkl" || name.StartsWith(root + "code/", StringComparison.Ordinal)
        )
            ? throw new ModelFormatException(
                path,
                "is a TorchScript program; a file of weights has no code.",
                "Save its weights, in PyTorch: torch.save(torch.jit.load('in.pt').state_dict(), 'weights.pth')."
            )
            : root;
    }

    private static void CheckByteOrder(ZipEntry? entry, Stream stream, string path)
    {
        if (entry is null)
        {
            return;
        }
        var text = new byte[Math.Min(entry.Size, MaxByteOrderSizeInBytes)];
        stream.Position = entry.Offset;
        stream.ReadExactly(text);
        if (!text.AsSpan().SequenceEqual("little"u8))
        {
            throw new ModelFormatException(
                path,
                $"has the byte order '{Encoding.Latin1.GetString(text)}', expected 'little'.",
                "Save it again on a little-endian machine: torch.save(torch.load('in.pth'), 'out.pth')."
            );
        }
    }
}
