namespace ILGpuMobileNet.Network.Weights;

/// <summary>Bytes that a file has as characters U+0000 to U+00FF in UTF-8, as pickles of protocol 2 do.</summary>
internal static class Latin1Bytes
{
    private const int ContinuationBits = 6;

    /// <summary>Takes characters back to bytes.</summary>
    /// <param name="encoded">The characters in UTF-8.</param>
    /// <param name="destination">The bytes.</param>
    /// <returns>Whether the characters are as many bytes as the destination has, and no others.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> encoded, Span<byte> destination)
    {
        var count = 0;
        for (var i = 0; i < encoded.Length; i++)
        {
            var octet = encoded[i];
            // U+0080 to U+00FF are C2 or C3 and a continuation.
            if (octet is 0xC2 or 0xC3 && i + 1 < encoded.Length && (encoded[i + 1] & 0xC0) == 0x80)
            {
                octet = (byte)((octet & 0x03) << ContinuationBits | encoded[++i] & 0x3F);
            }
            else if (octet >= 0x80)
            {
                return false;
            }
            if (count == destination.Length)
            {
                return false;
            }
            destination[count++] = octet;
        }
        return count == destination.Length;
    }
}
