namespace ILGpuMobileNet.Host.Images;

/// <summary>The row filters of PNG: each byte was stored as the difference to a guess from its neighbours.</summary>
internal static class PngFilter
{
    /// <summary>Adds the guesses again.</summary>
    /// <param name="filter">0 none, 1 left, 2 above, 3 their mean, 4 Paeth.</param>
    /// <param name="row">The stored row; the real one afterwards.</param>
    /// <param name="above">The real row above, zeros above the first; not shorter.</param>
    /// <param name="distance">Bytes to the pixel on the left.</param>
    /// <returns>False for an unknown filter.</returns>
    public static bool TryUndo(int filter, Span<byte> row, ReadOnlySpan<byte> above, int distance)
    {
        switch (filter)
        {
            case 0:
                break;
            case 1:
                AddLeft(row, distance);
                break;
            case 2:
                AddAbove(row, above);
                break;
            case 3:
                AddMean(row, above, distance);
                break;
            case 4:
                AddPaeth(row, above, distance);
                break;
            default:
                return false;
        }
        return true;
    }

    private static void AddLeft(Span<byte> row, int distance)
    {
        for (var i = distance; i < row.Length; i++)
        {
            row[i] += row[i - distance];
        }
    }

    private static void AddAbove(Span<byte> row, ReadOnlySpan<byte> above)
    {
        for (var i = 0; i < row.Length; i++)
        {
            row[i] += above[i];
        }
    }

    private static void AddMean(Span<byte> row, ReadOnlySpan<byte> above, int distance)
    {
        for (var i = 0; i < row.Length; i++)
        {
            var left = i < distance ? 0 : row[i - distance];
            row[i] += (byte)((left + above[i]) >> 1);
        }
    }

    private static void AddPaeth(Span<byte> row, ReadOnlySpan<byte> above, int distance)
    {
        for (var i = 0; i < row.Length; i++)
        {
            var (left, corner) = i < distance ? (0, 0) : (row[i - distance], above[i - distance]);
            row[i] += (byte)Paeth(left, above[i], corner);
        }
    }

    private static int Paeth(int left, int above, int corner)
    {
        var toLeft = Math.Abs(above - corner);
        var toAbove = Math.Abs(left - corner);
        var toCorner = Math.Abs(left + above - 2 * corner);
        if (toLeft <= toAbove && toLeft <= toCorner)
        {
            return left;
        }
        return toAbove <= toCorner ? above : corner;
    }
}
