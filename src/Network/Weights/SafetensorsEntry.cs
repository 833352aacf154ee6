using System.Collections.Immutable;

namespace ILGpuMobileNet.Network.Weights;

/// <summary>One tensor as a safetensors header describes it.</summary>
/// <param name="Name">Name of the tensor.</param>
/// <param name="Shape">Axes, outermost first.</param>
/// <param name="ElementCount">Product of the axes.</param>
/// <param name="Begin">First byte, counted from the end of the header.</param>
/// <param name="End">One past the last byte.</param>
/// <param name="IsCounter">True for a <c>num_batches_tracked</c> counter, which is skipped.</param>
internal sealed record SafetensorsEntry(
    string Name,
    ImmutableArray<int> Shape,
    int ElementCount,
    long Begin,
    long End,
    bool IsCounter
);

/// <summary>Checks that tensors tile the data section.</summary>
internal static class SafetensorsLayout
{
    /// <summary>Checks that the tensors lie in the file, one after another, without holes.</summary>
    /// <param name="entries">The tensors, each with begin &lt;= end.</param>
    /// <param name="dataSize">Bytes after the header.</param>
    /// <param name="source">Path of the file.</param>
    /// <exception cref="ModelFormatException">Names the first tensor out of place.</exception>
    public static void Check(IReadOnlyCollection<SafetensorsEntry> entries, long dataSize, string source)
    {
        var next = 0L;
        foreach (var entry in entries.OrderBy(entry => entry.Begin).ThenBy(entry => entry.End))
        {
            var place = $"tensor '{entry.Name}' has data_offsets [{entry.Begin}, {entry.End}]";
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
