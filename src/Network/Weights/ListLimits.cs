namespace ILGpuMobileNet.Network.Weights;

/// <summary>How much a file may list; what is listed is held in memory, elements are not.</summary>
internal static class ListLimits
{
    /// <summary>Most tensors, nodes, shards or items; the largest networks have some thousands.</summary>
    public const int MostListed = 100_000;

    private const int LongestName = 1000;
    private const string Remedy = "Give the file of a MobileNet.";

    /// <summary>Checks how many there are.</summary>
    /// <param name="source">Path of the file.</param>
    /// <param name="what">What they are: <c>tensors</c>.</param>
    /// <param name="count">How many the file lists.</param>
    /// <exception cref="ModelFormatException">They are too many.</exception>
    public static void CheckCount(string source, string what, long count)
    {
        if (count > MostListed)
        {
            throw new ModelFormatException(source, $"lists {count} {what}, expected at most {MostListed}.", Remedy);
        }
    }

    /// <summary>Checks the name of a tensor.</summary>
    /// <param name="source">Path of the file.</param>
    /// <param name="name">The name.</param>
    /// <exception cref="ModelFormatException">It is too long.</exception>
    public static void CheckName(string source, string name)
    {
        if (name.Length > LongestName)
        {
            var fault = $"has a tensor '{name}', expected names of at most {LongestName} characters.";
            throw new ModelFormatException(source, fault, Remedy);
        }
    }
}
