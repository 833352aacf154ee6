using System.Globalization;

namespace ILGpuMobileNet.Network.Weights;

/// <summary>Bytes that a file has as characters U+0000 to U+00FF.</summary>
internal static class EncodedBytes
{
    private const int ContinuationBits = 6;
    private const int NoByte = -1;

    /// <summary>Most bytes of a file that one byte may have.</summary>
    /// <param name="form">How it is written.</param>
    public static int LargestSize(ByteForm form) =>
        form switch
        {
            ByteForm.Utf8 => 2,
            ByteForm.UnicodeEscaped => @"\u0000".Length,
            ByteForm.Escaped => @"\x00".Length,
            _ => 1,
        };

    /// <summary>Takes characters back to bytes.</summary>
    /// <param name="encoded">The characters as they are written.</param>
    /// <param name="form">How they are.</param>
    /// <param name="destination">The bytes.</param>
    /// <param name="count">How many they are.</param>
    /// <returns>False where a character is none of those, or the destination is too small.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> encoded, ByteForm form, Span<byte> destination, out int count)
    {
        count = 0;
        while (!encoded.IsEmpty)
        {
            var isSingle = form switch
            {
                ByteForm.Plain => true,
                ByteForm.Utf8 => encoded[0] < 0x80,
                _ => encoded[0] != '\\',
            };
            var (value, size) = isSingle ? (encoded[0], 1) : Long(encoded, form);
            if (value == NoByte || count == destination.Length)
            {
                return false;
            }
            destination[count++] = (byte)value;
            encoded = encoded[size..];
        }
        return true;
    }

    /// <summary>A character of several bytes, or no byte.</summary>
    private static (int Value, int Size) Long(ReadOnlySpan<byte> encoded, ByteForm form) =>
        form switch
        {
            // U+0080 to U+00FF are C2 or C3 and a continuation.
            ByteForm.Utf8 => encoded is [0xC2 or 0xC3, var next, ..] && (next & 0xC0) == 0x80
                ? ((encoded[0] & 0x03) << ContinuationBits | next & 0x3F, 2)
                : (NoByte, 1),
            ByteForm.UnicodeEscaped => encoded is [_, (byte)'u', (byte)'0', (byte)'0', var high, var low, ..]
                ? (Hexadecimal(high, low), 6)
                : (NoByte, 1),
            _ => encoded switch
            {
                [_, (byte)'x', var high, var low, ..] => (Hexadecimal(high, low), 4),
                [_, (byte)'n', ..] => ('\n', 2),
                [_, (byte)'r', ..] => ('\r', 2),
                [_, (byte)'t', ..] => ('\t', 2),
                [_, var itself and ((byte)'\\' or (byte)'\'' or (byte)'"'), ..] => (itself, 2),
                _ => (NoByte, 1),
            },
        };

    private static int Hexadecimal(byte high, byte low) =>
        byte.TryParse([high, low], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
            ? value
            : NoByte;
}
