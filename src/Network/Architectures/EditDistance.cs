namespace ILGpuMobileNet.Network.Architectures;

/// <summary>How far a mistyped name is from the right one.</summary>
internal static class EditDistance
{
    /// <summary>Longer names are cut, so that a stranger's input costs little.</summary>
    private const int MaximalLength = 64;

    /// <summary>
    /// The candidate that the fewest edits turn the name into, preferably one that contains it; the first of several;
    /// none when more than half of its characters would be edited.
    /// </summary>
    public static string? Nearest(string name, IEnumerable<string> candidates) =>
        candidates
            .Select(candidate =>
                (Candidate: candidate, IsPart: IsPart(name, candidate), Edits: Between(name, candidate))
            )
            .Where(entry => entry.IsPart || entry.Edits <= entry.Candidate.Length / 2)
            .OrderByDescending(entry => entry.IsPart)
            .ThenBy(entry => entry.Edits)
            .Select(entry => entry.Candidate)
            .FirstOrDefault();

    private static bool IsPart(string name, string candidate) =>
        name.Length > 1 && candidate.Contains(name, StringComparison.OrdinalIgnoreCase);

    /// <summary>Levenshtein's distance: insertions, deletions and substitutions of characters, case ignored.</summary>
    public static int Between(string left, string right)
    {
        left = left.Length > MaximalLength ? left[..MaximalLength] : left;
        var previous = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var row = 1; row <= left.Length; row++)
        {
            var current = new int[right.Length + 1];
            current[0] = row;
            for (var column = 1; column <= right.Length; column++)
            {
                var substitution =
                    char.ToLowerInvariant(left[row - 1]) == char.ToLowerInvariant(right[column - 1]) ? 0 : 1;
                current[column] = Math.Min(
                    previous[column - 1] + substitution,
                    Math.Min(previous[column], current[column - 1]) + 1
                );
            }
            previous = current;
        }
        return previous[^1];
    }
}
