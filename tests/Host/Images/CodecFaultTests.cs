using System.Text;

namespace ILGpuMobileNet.Host.Tests.Images;

/// <summary>Faults inside each format, found by the built-in codecs.</summary>
public class CodecFaultTests
{
    private const string Lenient = "ImageSharp accepts it, or describes it in its own words.";

    private static byte[] Golden(string file) => File.ReadAllBytes(Path.Combine(GoldenArrays.Folder, file));

    private static void AssertFault(byte[] bytes, string expected)
    {
        Skip.IfNot(CodecDifferences.IsBuiltIn || bytes[0] is (byte)'B' or (byte)'P', Lenient);
        var fault = Assert.Throws<ImageFormatException>(() => ImageFile.Decode(bytes, "picture"));
        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
    }

    private static byte[] Patched(string file, ReadOnlySpan<byte> find, int offset, byte value)
    {
        var bytes = Golden(file);
        var at = bytes.AsSpan().IndexOf(find);
        Assert.True(at >= 0, $"{file} has no {Convert.ToHexString(find)}.");
        bytes[at + offset] = value;
        return bytes;
    }

    [Fact]
    public void A_wrong_checksum_is_a_fault_in_either_codec()
    {
        var bytes = Patched("png-type2-8bit.png", "IDAT"u8, 4, 0x79);

        Assert.Throws<ImageFormatException>(() => ImageFile.Decode(bytes, "picture"));
    }

    [SkippableFact]
    public void A_wrong_checksum_of_a_png_chunk_is_named() =>
        AssertFault(Patched("png-type2-8bit.png", "IDAT"u8, 4, 0x79), "checksum of an IDAT chunk");

    [SkippableFact]
    public void Damaged_compressed_data_are_a_png_fault() =>
        AssertFault(PngFile(PngEditing.Chunk("IDAT", 0x78, 0x9C, 0xFF, 0xFF, 0xFF)), "zlib");

    [SkippableFact]
    public void Rows_that_end_early_are_a_png_fault() =>
        AssertFault(PngFile(PngEditing.Pixels(0, 1, 2, 3, 4, 5, 6)), "truncated");

    [SkippableFact]
    public void An_unknown_row_filter_is_a_png_fault() =>
        AssertFault(PngFile(PngEditing.Pixels(9, 1, 2, 3, 4, 5, 6, 0, 1, 2, 3, 4, 5, 6)), "filter 9");

    [SkippableFact]
    public void An_unknown_critical_chunk_is_a_png_fault() => AssertFault(PngFile(PngEditing.Chunk("ABCD")), "ABCD");

    [SkippableFact]
    public void A_chunk_without_a_name_is_a_png_fault() => AssertFault(PngFile(PngEditing.Chunk("1234")), "31323334");

    [SkippableFact]
    public void A_first_chunk_other_than_the_header_is_a_png_fault() =>
        AssertFault(PngEditing.File(PngEditing.Chunk("CgBI", 1, 2, 3, 4)), "CgBI");

    [SkippableFact]
    public void A_header_of_the_wrong_size_is_a_png_fault() =>
        AssertFault(PngEditing.File(PngEditing.Chunk("IHDR", 1)), "instead of 13");

    [SkippableTheory]
    [InlineData(3, 2)]
    [InlineData(4, 2)]
    [InlineData(16, 3)]
    [InlineData(8, 5)]
    public void A_depth_that_its_colours_cannot_have_is_a_png_fault(byte depth, byte colour) =>
        AssertFault(PngEditing.File(PngEditing.Header(1, 1, depth, colour)), $"depth {depth}, colour type {colour}");

    [SkippableFact]
    public void A_missing_palette_is_a_png_fault() =>
        AssertFault(
            PngEditing.File(PngEditing.Header(1, 1, colour: 3), PngEditing.Pixels(0, 0), PngEditing.End),
            "palette"
        );

    [SkippableFact]
    public void A_colour_after_the_palette_is_a_png_fault() =>
        AssertFault(
            PngEditing.File(
                PngEditing.Header(1, 1, colour: 3),
                PngEditing.Chunk("PLTE", 1, 2, 3),
                PngEditing.Pixels(0, 1),
                PngEditing.End
            ),
            "colour 1 of a palette with 1"
        );

    [SkippableFact]
    public void A_palette_of_broken_colours_is_a_png_fault() =>
        AssertFault(PngFile(PngEditing.Chunk("PLTE", 1, 2)), "PLTE");

    [SkippableTheory]
    [InlineData(0xC4, 5, 255, "truncated")]
    [InlineData(0xC4, 4, 0x45, "Huffman table is numbered")]
    [InlineData(0xDB, 4, 0x27, "quantization table is numbered")]
    [InlineData(0xC0, 4, 12, "12 bits")]
    [InlineData(0xC0, 9, 2, "2 channels")]
    [InlineData(0xC0, 11, 0x30, "sampled 3x0")]
    [InlineData(0xC0, 14, 0x35, "sampled 3x5")]
    [InlineData(0xC0, 6, 0, "x0 pixels")]
    [InlineData(0xC0, 1, 0xC9, "arithmetic")]
    [InlineData(0xC0, 1, 0xC3, "lossless")]
    [InlineData(0xC0, 10, 9, "channel 1")]
    [InlineData(0xDA, 4, 0, "0 channels")]
    [InlineData(0xDA, 6, 0x33, "Huffman table that the file does not define")]
    [InlineData(0xDA, 7, 1, "one twice")]
    public void A_broken_jpeg_segment_is_named(byte marker, int offset, int value, string expected)
    {
        var bytes = Patched("jpeg-444-baseline-16x8.jpg", [0xFF, marker], offset, (byte)value);
        AssertFault(bytes, expected);
    }

    [SkippableFact]
    public void More_codes_than_there_can_be_are_a_jpeg_fault()
    {
        var bytes = Golden("jpeg-444-baseline-16x8.jpg");
        var counts = bytes.AsSpan(bytes.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC4]) + 5, 16);
        counts[0] += 3;
        counts[2] -= 3;
        AssertFault(bytes, "more codes of 1 bits");
    }

    [SkippableFact]
    public void A_factor_that_is_no_whole_number_is_a_jpeg_fault()
    {
        var bytes = Patched("jpeg-444-baseline-16x8.jpg", [0xFF, 0xC0], 11, 0x31);
        var at = bytes.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]);
        bytes[at + 14] = 0x21;
        AssertFault(bytes, "whole number");
    }

    [SkippableFact]
    public void A_scan_that_progression_does_not_allow_is_a_jpeg_fault()
    {
        var bytes = Golden("jpeg-grey-progressive.jpg");
        var at = bytes.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xDA]);
        bytes[at + 8] = 5;
        AssertFault(bytes, "progressive");
    }

    [SkippableFact]
    public void A_missing_restart_is_a_jpeg_fault() =>
        AssertFault(Patched("jpeg-restart-baseline.jpg", [0xFF, 0xD1], 1, 0xD5), "Restart marker 1");

    [SkippableFact]
    public void Pixels_before_the_frame_are_a_jpeg_fault() =>
        AssertFault([0xFF, 0xD8, 0xFF, 0xDA, 0, 3, 0, 0xFF, 0xD9], "before the frame");

    [SkippableFact]
    public void A_jpeg_without_pixels_is_a_fault() => AssertFault([0xFF, 0xD8, 0xFF, 0xD9], "no pixels");

    [SkippableFact]
    public void A_second_frame_is_a_jpeg_fault()
    {
        var bytes = Golden("jpeg-444-baseline-16x8.jpg");
        var at = bytes.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]);
        AssertFault([.. bytes[..at], .. bytes[at..(at + 19)], .. bytes[at..]], "second frame");
    }

    [SkippableFact]
    public void Endless_scans_are_a_jpeg_fault()
    {
        var bytes = Golden("jpeg-grey-progressive.jpg");
        var scan = bytes.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xDA]);
        var end = scan + 2 + bytes.AsSpan(scan + 2).IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC4]);
        var repeated = Enumerable.Repeat(bytes[scan..end], 600).SelectMany(bytes => bytes);
        AssertFault([.. bytes[..scan], .. repeated, .. bytes[scan..]], "500 scans");
    }

    [SkippableTheory]
    [InlineData("bmp-24bit.bmp", 14, 41, "41 bytes")]
    [InlineData("bmp-24bit.bmp", 28, 7, "7 bits per pixel")]
    [InlineData("bmp-24bit.bmp", 30, 1, "compression 1")]
    [InlineData("bmp-24bit.bmp", 30, 4, "compression 4")]
    [InlineData("bmp-24bit.bmp", 22, 0, "x0 pixels")]
    [InlineData("bmp-24bit.bmp", 12, 1, "truncated")]
    [InlineData("bmp-32bit-fields.bmp", 54, 1, "mask")]
    [InlineData("bmp-rle8.bmp", 18, 3, "leaves the image")]
    [InlineData("bmp-8bit.bmp", 47, 0, "of a palette with 16")]
    public void A_broken_bmp_field_is_named(string file, int offset, byte value, string expected)
    {
        var bytes = Golden(file);
        bytes[offset] = value;
        if (file == "bmp-8bit.bmp")
        {
            bytes[46] = 16;
        }
        AssertFault(bytes, expected);
    }

    [SkippableFact]
    public void A_skip_out_of_a_run_length_coded_bmp_is_a_fault()
    {
        var bytes = Golden("bmp-rle8.bmp");
        var skip = bytes.AsSpan().LastIndexOf((ReadOnlySpan<byte>)[0, 2, 3, 0]);
        bytes[skip + 3] = 200;
        AssertFault(bytes, "leaves the image");
    }

    [SkippableTheory]
    [InlineData("P5 1 1 0 .", "largest sample")]
    [InlineData("P5 1 1 65536 ..", "largest sample")]
    [InlineData("P5 x 1 255 .", "a digit of the width")]
    [InlineData("P2 1 1 9 10", "at most 9")]
    [InlineData("P5 1 0 255 .", "1x0")]
    [InlineData("P1 2 1 1x", "a digit of the pixels")]
    [InlineData("P1 # a comment without end", "truncated")]
    public void A_broken_pnm_is_described(string content, string expected) =>
        AssertFault(Encoding.ASCII.GetBytes(content), expected);

    private static byte[] PngFile(byte[] chunk) => PngEditing.File(PngEditing.Header(2, 2), chunk, PngEditing.End);
}
