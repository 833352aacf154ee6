using ILGpuMobileNet.Kernels;

namespace ILGpuMobileNet.Benchmarks.Yardsticks;

/// <summary>One element of a window.</summary>
/// <param name="Index">Which of the window's elements, row by row.</param>
/// <param name="Pixel">The input pixel it lies on.</param>
internal readonly record struct WindowTap(int Index, int Pixel);

/// <summary>Where windows look; the yardsticks know it before they are timed, as the operations do.</summary>
internal static class WindowTaps
{
    /// <summary>For every output pixel of an image the taps that lie inside the input.</summary>
    public static WindowTap[][] Of(Window window, FeatureShape input)
    {
        var (height, width) = window.OutputExtent(input.Height, input.Width);
        return
        [
            .. from y in Enumerable.Range(0, height)
            from x in Enumerable.Range(0, width)
            select Inside(window, input, y, x).ToArray(),
        ];
    }

    private static IEnumerable<WindowTap> Inside(Window window, FeatureShape input, int y, int x) =>
        from ky in Enumerable.Range(0, window.Kernel.Height)
        from kx in Enumerable.Range(0, window.Kernel.Width)
        let row = y * window.Stride.Height - window.Padding.Top + ky * window.Dilation.Height
        let column = x * window.Stride.Width - window.Padding.Left + kx * window.Dilation.Width
        where row >= 0 && row < input.Height && column >= 0 && column < input.Width
        select new WindowTap(ky * window.Kernel.Width + kx, row * input.Width + column);
}
