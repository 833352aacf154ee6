namespace ILGpuMobileNet.Host.Images;

/// <summary>
/// Enlarges the rows of a subsampled channel: by 2 with libjpeg's triangle filter (3/4 of the nearest sample and 1/4
/// of the next one in each direction), by other factors, and where there are only two columns, by repeating.
/// </summary>
/// <param name="component">The channel.</param>
/// <param name="frame">Its frame.</param>
internal sealed class JpegUpsampling(JpegComponent component, JpegFrame frame)
{
    private readonly int horizontal = frame.LargestHorizontalSampling / component.HorizontalSampling;
    private readonly int vertical = frame.LargestVerticalSampling / component.VerticalSampling;
    private readonly int[] columnSums = new int[component.Width];

    // Never shorter than a row of the picture: a channel has at least as many columns as cover it.
    private readonly byte[] row = new byte[
        component.Width * frame.LargestHorizontalSampling / component.HorizontalSampling
    ];

    private int bias;

    /// <summary>A row of the picture.</summary>
    /// <param name="y">Row of the picture.</param>
    /// <returns>Samples for at least every column, valid until the next call.</returns>
    public ReadOnlySpan<byte> Row(int y)
    {
        switch (horizontal, vertical)
        {
            case (1, 1):
                return component.Row(y);
            case (1, 2):
                BlendRows(y);
                return Narrow();
            case (2, 1) when component.Width > 2:
                SpreadColumns(component.Row(y));
                return row;
            case (2, 2) when component.Width > 2:
                BlendRows(y);
                SpreadSums();
                return row;
            default:
                return Repeat(component.Row(y / vertical));
        }
    }

    /// <summary>Three times the nearest row plus the one on its other side.</summary>
    private void BlendRows(int y)
    {
        var near = component.Row(y / 2);
        var far = component.Row(y / 2 + (y % 2 == 0 ? -1 : 1));
        // Rounds alternately, so that the picture as a whole becomes neither lighter nor darker.
        bias = y % 2 == 0 ? 1 : 2;
        for (var x = 0; x < near.Length; x++)
        {
            columnSums[x] = 3 * near[x] + far[x];
        }
    }

    private ReadOnlySpan<byte> Narrow()
    {
        for (var x = 0; x < columnSums.Length; x++)
        {
            row[x] = (byte)((columnSums[x] + bias) >> 2);
        }
        return row;
    }

    private void SpreadColumns(ReadOnlySpan<byte> samples)
    {
        for (var x = 0; x < samples.Length; x++)
        {
            var left = samples[Math.Max(x - 1, 0)];
            var right = samples[Math.Min(x + 1, samples.Length - 1)];
            row[2 * x] = (byte)((3 * samples[x] + left + 1) >> 2);
            row[2 * x + 1] = (byte)((3 * samples[x] + right + 2) >> 2);
        }
    }

    private void SpreadSums()
    {
        for (var x = 0; x < columnSums.Length; x++)
        {
            var left = columnSums[Math.Max(x - 1, 0)];
            var right = columnSums[Math.Min(x + 1, columnSums.Length - 1)];
            row[2 * x] = (byte)((3 * columnSums[x] + left + 8) >> 4);
            row[2 * x + 1] = (byte)((3 * columnSums[x] + right + 7) >> 4);
        }
    }

    private ReadOnlySpan<byte> Repeat(ReadOnlySpan<byte> samples)
    {
        for (var x = 0; x < samples.Length; x++)
        {
            row.AsSpan(x * horizontal, horizontal).Fill(samples[x]);
        }
        return row;
    }
}
