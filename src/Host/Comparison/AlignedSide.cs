using System.Collections.Immutable;

namespace ILGpuMobileNet.Host.Comparison;

/// <summary>The layers of a side while they are laid beside those of another.</summary>
/// <param name="entries">The layers, in their order.</param>
/// <param name="digests">What they hold.</param>
internal sealed class AlignedSide(ImmutableArray<ActivationEntry> entries, ImmutableArray<ActivationDigest> digests)
{
    /// <summary>The layers.</summary>
    public ImmutableArray<ActivationEntry> Entries => entries;

    /// <summary>What they hold.</summary>
    public ImmutableArray<ActivationDigest> Digests => digests;

    /// <summary>How many they are.</summary>
    public int Count => entries.Length;

    /// <summary>How many they are without sums, products and moves of channels.</summary>
    public int LayerCount => entries.Count(entry => !entry.IsArithmetic);

    /// <summary>Whether any of them may have a normalisation folded into it.</summary>
    public bool IsFolded { get; } = entries.Any(entry => entry.MayBeFolded);

    /// <summary>The axes of an image in falling order, so that channels may lie first or last.</summary>
    public ImmutableArray<string> Sizes { get; } = [.. entries.Select(SizeOf)];

    /// <summary>Which of them have a name in common with one of the other side.</summary>
    public bool[] HasNamesake { get; } = new bool[entries.Length];

    /// <summary>The place of each one's partner; -1 where it has none.</summary>
    public int[] Partners { get; } = [.. Enumerable.Repeat(-1, entries.Length)];

    /// <summary>Those that have neither a namesake nor a partner.</summary>
    public IEnumerable<int> Open => Enumerable.Range(0, Count).Where(IsOpen);

    /// <summary>Those of a range that are open, but for what only repeats what stands before it: dropouts, identities.</summary>
    /// <param name="start">Its first place.</param>
    /// <param name="end">Behind its last place.</param>
    public List<int> OpenIn(int start, int end) =>
        [.. Enumerable.Range(start, end - start).Where(place => IsOpen(place) && !IsRepeated(place))];

    /// <summary>Some of them without sums, products and moves of channels.</summary>
    /// <param name="places">Their places.</param>
    public List<int> Layers(List<int> places) => places.FindAll(place => !entries[place].IsArithmetic);

    /// <summary>The last of the layers directly behind one that have its shape and no namesake; itself where there is none.</summary>
    /// <param name="place">Its place.</param>
    public int LastBehind(int place)
    {
        var last = place;
        while (last + 1 < Count && !HasNamesake[last + 1] && Sizes[last + 1] == Sizes[place])
        {
            last++;
        }
        return last;
    }

    private bool IsOpen(int place) => Partners[place] < 0 && !HasNamesake[place];

    private bool IsRepeated(int place) =>
        place > 0
        && Sizes[place] == Sizes[place - 1]
        && digests[place] == digests[place - 1]
        && digests[place].Largest > 0;

    private static string SizeOf(ActivationEntry entry) =>
        entry.Axes.IsEmpty
            ? ""
            : $"{entry.Axes[0]}: {string.Join('x', entry.Axes[1..].Where(axis => axis > 1).OrderDescending())}";
}
