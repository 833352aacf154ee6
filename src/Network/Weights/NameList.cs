namespace ILGpuMobileNet.Network.Weights;

/// <summary>Names in messages, of which a file may have any number.</summary>
internal static class NameList
{
    private const int MostNamed = 8;

    /// <summary>The first names, and how many more there are.</summary>
    /// <param name="names">The names, at least one, as they are to stand there: <c>'a'</c>.</param>
    public static string Of(IReadOnlyCollection<string> names)
    {
        var others = names.Count > MostNamed ? $" and {names.Count - MostNamed} more" : "";
        return $"{string.Join(", ", names.Take(MostNamed))}{others}";
    }
}
