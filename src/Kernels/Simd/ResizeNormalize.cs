using System.Numerics;
using System.Runtime.InteropServices;

namespace ILGpuMobileNet.Kernels.Simd;

/// <summary>
/// Resizes bytes <c>[H, W, 3]</c>, takes a window, and writes floats <c>[outH, outW, 3]</c>: first along the rows, then
/// along the columns, in fixed point.
/// </summary>
/// <remarks>Keeps its memory between calls and takes more only for larger images; for one thread at a time.</remarks>
/// <param name="filter">The filter.</param>
/// <param name="normalization">What follows the resize.</param>
public sealed class ResizeNormalize(ResizeFilter filter, PixelNormalization normalization)
{
    private const int ChannelCount = 3;

    private readonly ResizeFixedPoint fixedPoint = ResizeFixedPoint.Of(filter);
    private readonly ResizeNormalizeWeights rows = new(filter);
    private readonly ResizeNormalizeWeights columns = new(filter);
    private short[] narrowed = [];
    private int[] sums = [];

    /// <summary>Processes one image.</summary>
    /// <param name="source">Bytes <c>[H, W, 3]</c>, RGB.</param>
    /// <param name="geometry">Sizes; the sources are <c>H</c> and <c>W</c>.</param>
    /// <param name="destination">Receives <c>[outH, outW, 3]</c>; what the resized image does not reach becomes 0.</param>
    /// <exception cref="ArgumentException">A span has not the length that the geometry says.</exception>
    public void Run(ReadOnlySpan<byte> source, ResizeGeometry geometry, Span<float> destination)
    {
        CheckLength(source.Length, (long)geometry.Vertical.Source * geometry.Horizontal.Source, nameof(source));
        CheckLength(
            destination.Length,
            (long)geometry.Vertical.Length * geometry.Horizontal.Length,
            nameof(destination)
        );
        rows.Prepare(geometry.Vertical);
        columns.Prepare(geometry.Horizontal);
        Reserve(geometry.Horizontal.FilledLength * ChannelCount);
        ResizeRows(source, geometry.Horizontal);
        ResizeColumns(geometry, destination);
    }

    private static void CheckLength(int length, long pixelCount, string name)
    {
        if (length != pixelCount * ChannelCount)
        {
            throw new ArgumentException($"{name} has {length} elements, expected {pixelCount * ChannelCount}.", name);
        }
    }

    private void Reserve(int rowLength)
    {
        var length = checked(rows.SourceCount * rowLength);
        narrowed = narrowed.Length < length ? new short[length] : narrowed;
        sums = sums.Length < rowLength ? new int[rowLength] : sums;
    }

    /// <summary>Resizes every needed row to the window's columns.</summary>
    private void ResizeRows(ReadOnlySpan<byte> source, ResizeAxis axis)
    {
        var stride = axis.Source * ChannelCount;
        var length = axis.FilledLength * ChannelCount;
        for (var y = 0; y < rows.SourceCount; y++)
        {
            ResizeRow(source.Slice((rows.FirstSource + y) * stride, stride), narrowed.AsSpan(y * length, length));
        }
    }

    private void ResizeRow(ReadOnlySpan<byte> row, Span<short> target)
    {
        var shift = fixedPoint.WeightBits - fixedPoint.ValueBits;
        for (var x = 0; x < columns.Starts.Length; x++)
        {
            var pixels = row.Slice(columns.Starts[x] * ChannelCount, columns.Counts[x] * ChannelCount);
            var weights = columns.Weights[(x * columns.TapCount)..];
            int red = 1 << (shift - 1),
                green = red,
                blue = red;
            for (int k = 0, i = 0; i < pixels.Length; k++, i += ChannelCount)
            {
                red += weights[k] * pixels[i];
                green += weights[k] * pixels[i + 1];
                blue += weights[k] * pixels[i + 2];
            }
            target[x * ChannelCount] = Between(red >> shift);
            target[x * ChannelCount + 1] = Between(green >> shift);
            target[x * ChannelCount + 2] = Between(blue >> shift);
        }
    }

    private short Between(int value) => (short)(filter.Antialias ? Math.Clamp(value, 0, 255) : value);

    private void ResizeColumns(ResizeGeometry geometry, Span<float> destination)
    {
        var outputLength = geometry.Horizontal.Length * ChannelCount;
        for (var y = 0; y < rows.Starts.Length; y++)
        {
            var output = destination.Slice(y * outputLength, outputLength);
            SumRows(y, geometry.Horizontal.FilledLength * ChannelCount);
            Normalize(output);
        }
        destination[(rows.Starts.Length * outputLength)..].Clear();
    }

    /// <summary>Adds the weighted rows of an output row into <c>sums</c>.</summary>
    private void SumRows(int output, int length)
    {
        var total = sums.AsSpan(0, length);
        total.Fill(1 << (fixedPoint.WeightBits + fixedPoint.ValueBits - 1));
        var first = rows.Starts[output] - rows.FirstSource;
        for (var k = 0; k < rows.Counts[output]; k++)
        {
            AddWeighted(narrowed.AsSpan((first + k) * length, length), rows.Weights[output * rows.TapCount + k], total);
        }
    }

    private static void AddWeighted(ReadOnlySpan<short> row, int weight, Span<int> total)
    {
        var wide = row.Length - row.Length % Vector<short>.Count;
        var vectors = MemoryMarshal.Cast<short, Vector<short>>(row[..wide]);
        var totals = MemoryMarshal.Cast<int, Vector<int>>(total[..wide]);
        for (var i = 0; i < vectors.Length; i++)
        {
            Vector.Widen(vectors[i], out var low, out var high);
            totals[2 * i] += low * weight;
            totals[2 * i + 1] += high * weight;
        }
        for (var i = wide; i < row.Length; i++)
        {
            total[i] += row[i] * weight;
        }
    }

    /// <summary>Turns sums into bytes, and those into normalised floats in the wanted order.</summary>
    private void Normalize(Span<float> output)
    {
        var shift = fixedPoint.WeightBits + fixedPoint.ValueBits;
        var (scale, move) = (normalization.Scale, normalization.Shift);
        var (red, blue) = normalization.Order == ChannelOrder.Rgb ? (0, 2) : (2, 0);
        var filled = columns.Starts.Length * ChannelCount;
        for (var i = 0; i < filled; i += ChannelCount)
        {
            output[i + red] = Math.Clamp(sums[i] >> shift, 0, 255) * scale.Red + move.Red;
            output[i + 1] = Math.Clamp(sums[i + 1] >> shift, 0, 255) * scale.Green + move.Green;
            output[i + blue] = Math.Clamp(sums[i + 2] >> shift, 0, 255) * scale.Blue + move.Blue;
        }
        output[filled..].Clear();
    }
}
