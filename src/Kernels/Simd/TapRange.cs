namespace ILGpuMobileNet.Kernels.Simd;

/// <summary>Taps of a window that fall inside the input, along one axis: padding is solved by loop bounds.</summary>
/// <param name="First">First tap inside.</param>
/// <param name="End">Tap after the last one inside; not above <paramref name="First"/> when none is.</param>
/// <param name="Origin">Input position of tap 0, which may be outside.</param>
internal readonly record struct TapRange(int First, int End, int Origin)
{
    /// <summary>The rows seen by output row <paramref name="y"/>.</summary>
    public static TapRange Rows(in Window window, int y, int height) =>
        Of(y * window.Stride.Height - window.Padding.Top, window.Dilation.Height, window.Kernel.Height, height);

    /// <summary>The columns seen by output column <paramref name="x"/>.</summary>
    public static TapRange Columns(in Window window, int x, int width) =>
        Of(x * window.Stride.Width - window.Padding.Left, window.Dilation.Width, window.Kernel.Width, width);

    /// <summary>Taps inside.</summary>
    public int Count => Math.Max(0, End - First);

    private static TapRange Of(int origin, int dilation, int taps, int size)
    {
        var first = origin >= 0 ? 0 : (-origin + dilation - 1) / dilation;
        var end = origin >= size ? 0 : Math.Min(taps, (size - origin + dilation - 1) / dilation);
        return new(first, end, origin);
    }
}
