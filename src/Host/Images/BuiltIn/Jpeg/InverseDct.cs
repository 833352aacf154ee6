using System.Runtime.CompilerServices;

namespace ILGpuMobileNet.Host.Images;

/// <summary>
/// The inverse 8x8 cosine transform in integers, after Loeffler, Ligtenberg and Moschytz (ICASSP 1989): columns, then
/// rows, with 13 bits of fraction in the factors and 2 between the passes, which gives libjpeg's accurate results.
/// </summary>
internal static class InverseDct
{
    private const int FactorBits = 13;
    private const int PassBits = 2;
    private const int Side = JpegComponent.BlockSide;

    /// <summary>Transforms a block.</summary>
    /// <param name="coefficients">64 in natural order.</param>
    /// <param name="quantization">What each is multiplied by.</param>
    /// <param name="samples">Receives 8 rows of 8 samples, level-shifted and clamped.</param>
    /// <param name="stride">Distance between the rows.</param>
    public static void Transform(
        ReadOnlySpan<short> coefficients,
        ReadOnlySpan<ushort> quantization,
        Span<byte> samples,
        int stride
    )
    {
        Span<int> block = stackalloc int[JpegComponent.BlockSize];
        for (var i = 0; i < block.Length; i++)
        {
            block[i] = coefficients[i] * quantization[i];
        }
        for (var x = 0; x < Side; x++)
        {
            Transform(block[x..], Side, FactorBits - PassBits);
        }
        for (var y = 0; y < Side; y++)
        {
            // The transform of a block is 8 times too large.
            Transform(block[(y * Side)..], 1, FactorBits + PassBits + 3);
            Store(block.Slice(y * Side, Side), samples[(y * stride)..]);
        }
    }

    private static void Store(ReadOnlySpan<int> row, Span<byte> samples)
    {
        for (var x = 0; x < row.Length; x++)
        {
            samples[x] = (byte)Math.Clamp(row[x] + 128, 0, 255);
        }
    }

    /// <summary>Transforms 8 values in place and drops fraction bits, rounding to the nearest.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transform(Span<int> v, int step, int shift)
    {
        var (even0, even1, even2, even3) = Even(v[0], v[2 * step], v[4 * step], v[6 * step]);
        var (odd0, odd1, odd2, odd3) = Odd(v[step], v[3 * step], v[5 * step], v[7 * step]);
        var half = 1 << (shift - 1);
        v[0] = (even0 + odd0 + half) >> shift;
        v[step] = (even1 + odd1 + half) >> shift;
        v[2 * step] = (even2 + odd2 + half) >> shift;
        v[3 * step] = (even3 + odd3 + half) >> shift;
        v[4 * step] = (even3 - odd3 + half) >> shift;
        v[5 * step] = (even2 - odd2 + half) >> shift;
        v[6 * step] = (even1 - odd1 + half) >> shift;
        v[7 * step] = (even0 - odd0 + half) >> shift;
    }

    /// <summary>Butterflies of the even frequencies.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (int, int, int, int) Even(int c0, int c2, int c4, int c6)
    {
        var turned = (c2 + c6) * Factor(0.541196100);
        var low = turned - c6 * Factor(1.847759065);
        var high = turned + c2 * Factor(0.765366865);
        var sum = (c0 + c4) << FactorBits;
        var difference = (c0 - c4) << FactorBits;
        return (sum + high, difference + low, difference - low, sum - high);
    }

    /// <summary>Butterflies of the odd frequencies.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (int, int, int, int) Odd(int c1, int c3, int c5, int c7)
    {
        var common = (c7 + c3 + c5 + c1) * Factor(1.175875602);
        var outer = (c7 + c1) * -Factor(0.899976223);
        var inner = (c5 + c3) * -Factor(2.562915447);
        var low = common - (c7 + c3) * Factor(1.961570560);
        var high = common - (c5 + c1) * Factor(0.390180644);
        return (
            c1 * Factor(1.501321110) + outer + high,
            c3 * Factor(3.072711026) + inner + low,
            c5 * Factor(2.053119869) + inner + high,
            c7 * Factor(0.298631336) + outer + low
        );
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Factor(double value) => (int)(value * (1 << FactorBits) + 0.5);
}
