namespace ILGpuMobileNet.Host.Images;

/// <summary>Reads the header of a scan (T.81, B.2.3).</summary>
internal static class JpegScanHeader
{
    private const string What = "a scan header";
    private const int LargestUnitInBlocks = 10;

    /// <summary>Reads and checks a header, and marks its channels as begun.</summary>
    /// <exception cref="ImageFormatException">The header is not valid, or a table is missing.</exception>
    public static (JpegScanComponent[] Components, JpegSelection Selection) Parse(
        ImageSource source,
        JpegFrame frame,
        JpegTables tables,
        ReadOnlyMemory<byte> segment
    )
    {
        var reader = new ByteReader(source with { Bytes = segment });
        var components = new JpegScanComponent[reader.ReadByte(What)];
        for (var i = 0; i < components.Length; i++)
        {
            var component = Find(source, frame, reader.ReadByte(What));
            var numbers = reader.ReadByte(What);
            component.Quantization ??= tables.Quantization(component.QuantizationIndex);
            components[i] = new(component, tables.Dc(numbers >> 4), tables.Ac(numbers));
        }
        var selection = ParseSelection(reader);
        CheckUnit(source, components);
        Check(source, frame, components, selection);
        return (components, selection);
    }

    private static JpegSelection ParseSelection(ByteReader reader)
    {
        var (first, last, bits) = (reader.ReadByte(What), reader.ReadByte(What), reader.ReadByte(What));
        return new(first, last, bits >> 4, bits & 15);
    }

    private static JpegComponent Find(ImageSource source, JpegFrame frame, byte id) =>
        Array.Find(frame.Components, component => component.Id == id)
        ?? throw source.Fault($"A scan has channel {id}, which the frame does not have.");

    private static void CheckUnit(ImageSource source, JpegScanComponent[] components)
    {
        var blockCount = components.Sum(c => c.Component.HorizontalSampling * c.Component.VerticalSampling);
        var distinct = components.Select(c => c.Component).Distinct().Count() == components.Length;
        if (components.Length == 0 || !distinct || components.Length > 1 && blockCount > LargestUnitInBlocks)
        {
            throw source.Fault(
                $"A scan has {components.Length} channels with {blockCount} blocks in a unit, or one twice."
            );
        }
    }

    private static void Check(
        ImageSource source,
        JpegFrame frame,
        JpegScanComponent[] components,
        JpegSelection selection
    )
    {
        if (frame.Progressive && !selection.IsProgressive(components.Length))
        {
            throw source.Fault(
                $"A scan has {selection} for {components.Length} channels, which progressive images do not allow."
            );
        }
        var needsDc = !frame.Progressive || selection is { First: 0, Refines: false };
        var needsAc = !frame.Progressive || selection.First > 0;
        if (Array.Exists(components, c => needsDc && c.Dc is null || needsAc && c.Ac is null))
        {
            throw source.Fault("A scan uses a Huffman table that the file does not define.");
        }
    }
}
