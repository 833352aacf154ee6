namespace ILGpuMobileNet.Host;

/// <summary>Where a user says otherwise than the weights: every item in one error, with both sides.</summary>
internal static class Contradictions
{
    /// <summary>Both sides of an item; null where they agree or the user says nothing.</summary>
    /// <param name="item">What it is called.</param>
    /// <param name="asked">What the user says, if anything.</param>
    /// <param name="known">What the weights are known, or taken, to be.</param>
    public static string? Of(string item, string? asked, string known) =>
        asked is null || string.Equals(asked, known, StringComparison.OrdinalIgnoreCase)
            ? null
            : $"{item} {asked} was asked for, it has {known}";

    /// <summary>Refuses contradictions, where there are any.</summary>
    /// <param name="owner">Who says otherwise: <c>the form of keras</c>.</param>
    /// <param name="items">What <see cref="Of"/> gave for every item.</param>
    /// <param name="remedy">What to do about it, a sentence.</param>
    /// <exception cref="ArgumentException">There is one.</exception>
    public static void Refuse(string owner, IEnumerable<string?> items, string remedy)
    {
        if (items.OfType<string>().ToList() is { Count: > 0 } found)
        {
            throw new ArgumentException(
                $"What was asked for contradicts {owner}: {string.Join("; ", found)}. {remedy}"
            );
        }
    }
}
