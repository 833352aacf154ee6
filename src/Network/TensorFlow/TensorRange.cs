namespace ILGpuMobileNet.Network.TensorFlow;

/// <summary>What a strided slice takes of one axis, with step 1.</summary>
/// <param name="Axis">The axis; negative ones count from the end.</param>
/// <param name="Start">First index; negative ones count from the end.</param>
/// <param name="End">Index after the last; negative ones count from the end, large ones are the end.</param>
internal readonly record struct TensorRange(long Axis, long Start, long End)
{
    /// <summary>The ranges of a strided slice, axes before and behind an ellipsis.</summary>
    /// <param name="bounds">First indices, indices after the last, and steps.</param>
    /// <param name="masks">Bits of the axes whose first or last index is that of the axis, and of the ellipsis.</param>
    /// <returns>Null where it has steps, or the bounds are not one of each for an axis.</returns>
    public static TensorRange[]? Of(long[][] bounds, (long Begin, long End, long Ellipsis) masks)
    {
        const int maxRank = 8;
        if (bounds is not [{ Length: <= maxRank } starts, var ends, var steps])
        {
            return null;
        }
        var isPlain = ends.Length == starts.Length && steps.Length == starts.Length && steps.All(step => step == 1);
        return isPlain ? [.. Ranges(starts, ends, masks)] : null;
    }

    private static IEnumerable<TensorRange> Ranges(
        long[] starts,
        long[] ends,
        (long Begin, long End, long Ellipsis) masks
    )
    {
        var isBehind = false;
        for (var i = 0; i < starts.Length; i++)
        {
            if (IsSet(masks.Ellipsis, i))
            {
                isBehind = true;
                continue;
            }
            yield return new(
                isBehind ? i - starts.Length : i,
                IsSet(masks.Begin, i) ? 0 : starts[i],
                IsSet(masks.End, i) ? int.MaxValue : ends[i]
            );
        }
    }

    private static bool IsSet(long mask, int bit) => (mask >> bit & 1) != 0;
}
