namespace ILGpuMobileNet.Kernels.Simd;

/// <summary>Taps of a window that fall inside the input, along one axis: padding is solved by loop bounds.</summary>
/// <param name="First">First tap inside.</param>
/// <param name="End">Tap after the last one inside; not above <paramref name="First"/> when none is.</param>
/// <param name="Origin">Input position of tap 0, which may be outside.</param>
internal readonly record struct TapRange(int First, int End, int Origin)
{
    /// <summary>The rows seen by each output row.</summary>
    public static TapRange[] Rows(Window window, FeatureShape input)
    {
        var rows = new TapRange[window.OutputExtent(input.Height, input.Width).Height];
        for (var y = 0; y < rows.Length; y++)
        {
            var origin = y * window.Stride.Height - window.Padding.Top;
            rows[y] = Of(origin, window.Dilation.Height, window.Kernel.Height, input.Height);
        }
        return rows;
    }

    /// <summary>The columns seen by each output column.</summary>
    public static TapRange[] Columns(Window window, FeatureShape input)
    {
        var columns = new TapRange[window.OutputExtent(input.Height, input.Width).Width];
        for (var x = 0; x < columns.Length; x++)
        {
            var origin = x * window.Stride.Width - window.Padding.Left;
            columns[x] = Of(origin, window.Dilation.Width, window.Kernel.Width, input.Width);
        }
        return columns;
    }

    /// <summary>The outputs whose taps are all inside; they are neighbours.</summary>
    public static (int First, int End) Whole(TapRange[] ranges, int taps)
    {
        var first = Array.FindIndex(ranges, range => range.Count == taps);
        return first < 0 ? default : (first, Array.FindLastIndex(ranges, range => range.Count == taps) + 1);
    }

    /// <summary>Taps inside.</summary>
    public int Count => Math.Max(0, End - First);

    private static TapRange Of(int origin, int dilation, int taps, int size)
    {
        var first = origin >= 0 ? 0 : (-origin + dilation - 1) / dilation;
        var end = origin >= size ? 0 : Math.Min(taps, (size - origin + dilation - 1) / dilation);
        return new(first, end, origin);
    }
}
