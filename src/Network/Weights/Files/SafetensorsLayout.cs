namespace ILGpuMobileNet.Network.Weights;

/// <summary>Checks that tensors tile the data section.</summary>
internal static class SafetensorsLayout
{
    /// <summary>Checks that the tensors lie in the file, one after another, without holes.</summary>
    /// <param name="entries">The tensors in the order of their begin, each with begin &lt;= end.</param>
    /// <param name="dataSize">Bytes after the header.</param>
    /// <param name="source">Path of the file.</param>
    /// <exception cref="ModelFormatException">Names the first tensor out of place.</exception>
    public static void Check(IReadOnlyCollection<SafetensorsEntry> entries, long dataSize, string source)
    {
        var next = 0L;
        foreach (var entry in entries)
        {
            var place = $"tensor '{entry.Tensor.Name}' has data_offsets [{entry.Begin}, {entry.End}]";
            if (entry.End > dataSize)
            {
                var fault = $"{place}, but only {dataSize} bytes follow the header.";
                throw new ModelFormatException(source, fault, "The file is cut off; get it again.");
            }
            if (entry.Begin != next)
            {
                var kind = entry.Begin < next ? "overlaps the tensor before it" : "leaves a hole before it";
                throw Damaged(source, $"{place} and {kind}; expected to begin at {next}.");
            }
            next = entry.End;
        }
        if (next != dataSize)
        {
            throw Damaged(
                source,
                $"the tensors end at byte {next} of the data, but {dataSize} bytes follow the header."
            );
        }
    }

    private static ModelFormatException Damaged(string source, string fault) =>
        new(source, fault, "Write the file again with a safetensors library.");
}
