using System.Runtime.CompilerServices;

namespace ILGpuMobileNet.Kernels.Simd;

/// <summary>Gathers what the taps of an output pixel see into one row <c>[kH, kW, C]</c>, zeros in the padding.</summary>
/// <param name="convolution">Shapes and window.</param>
/// <param name="channels">Channels C that are read of a pixel: all, or those of a group.</param>
internal readonly unsafe struct TapGather(ConvolutionCase convolution, int channels)
{
    private ConvolutionCase Case => convolution;

    /// <summary>Floats of a row.</summary>
    public int Length => convolution.Window.TapCount * channels;

    /// <summary>Gathers a pixel.</summary>
    /// <param name="line">Its output row.</param>
    /// <param name="columns">The kernel columns inside.</param>
    /// <param name="taps">Receives the row.</param>
    /// <param name="firstChannel">First channel read.</param>
    public void Pixel(in OutputLine line, TapRange columns, float* taps, int firstChannel = 0)
    {
        var (window, rows) = (Case.Window, line.Rows);
        var rowLength = window.Kernel.Width * channels;
        for (var ky = 0; ky < window.Kernel.Height; ky++, taps += rowLength)
        {
            if (ky >= rows.First && ky < rows.End)
            {
                Row(line.Input.At(rows.Origin + ky * window.Dilation.Height) + firstChannel, columns, taps);
            }
            else
            {
                new Span<float>(taps, rowLength).Clear();
            }
        }
    }

    private void Row(float* line, TapRange columns, float* row)
    {
        var (taps, step) = (Case.Window.Kernel.Width, Case.Window.Dilation.Width);
        if (columns.Count == taps && step == 1 && Case.InputStride == channels)
        {
            Copy(line + (nint)columns.Origin * channels, row, taps * channels);
            return;
        }
        new Span<float>(row, taps * channels).Clear();
        for (var kx = columns.First; kx < columns.End; kx++)
        {
            var x = columns.Origin + kx * step;
            Copy(line + (nint)x * Case.InputStride, row + (nint)kx * channels, channels);
        }
    }

    [MethodImpl(HotLoop.Compilation)]
    private static void Copy(float* source, float* destination, int length)
    {
        for (nint i = 0; i < length; i++)
        {
            destination[i] = source[i];
        }
    }
}
