using System.Text;
using ILGpuMobileNet.Reference;

namespace ILGpuMobileNet.Host.Tests.Images;

public class ImageFaultTests
{
    private static byte[] Golden(string file) => File.ReadAllBytes(Path.Combine(GoldenArrays.Folder, file));

    private static ImageFormatException Fault(byte[] bytes) =>
        Assert.Throws<ImageFormatException>(() => ImageFile.Decode(bytes, "picture"));

    [Theory]
    [InlineData("", "empty")]
    [InlineData("GIF89a and so on", "GIF")]
    [InlineData("%PDF-1.7", "PDF")]
    [InlineData("RIFF....WEBPVP8 ", "WebP")]
    [InlineData("<html><body>Not found", "text starting with \"<html><body>Not ")]
    [InlineData("PK\u0003\u0004....", "ZIP")]
    [InlineData("\u0001\u0002\u0003", "010203")]
    [InlineData("P7\nWIDTH 1", "text")]
    public void What_is_no_image_is_described(string content, string description)
    {
        var fault = Fault(Encoding.Latin1.GetBytes(content));

        Assert.Contains(description, fault.Fault, StringComparison.Ordinal);
        Assert.Contains("PNG, JPEG, BMP or PNM", fault.Remedy, StringComparison.Ordinal);
        Assert.Equal("picture", fault.File);
    }

    [Fact]
    public void An_empty_file_and_a_stranger_named_png_are_faults_that_name_the_file()
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory().FullName, "picture.png");
        File.WriteAllText(path, "");
        var empty = Assert.Throws<ImageFormatException>(() => ImageFile.Load(path));
        File.WriteAllText(path, "GIF89a");
        var stranger = Assert.Throws<ImageFormatException>(() => ImageFile.Load(path));

        Assert.Contains("0 bytes", empty.Message, StringComparison.Ordinal);
        Assert.StartsWith(path, stranger.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_the_callers_fault() =>
        Assert.Throws<FileNotFoundException>(() => ImageFile.Load("no-such-picture.png"));

    [Fact]
    public void A_device_without_end_is_not_read() =>
        Assert.Throws<ImageFormatException>(() => ImageFile.Load("/dev/zero"));

    [Fact]
    public void A_link_that_leads_back_to_itself_is_no_image()
    {
        using var folder = new TemporaryFolder();
        File.CreateSymbolicLink(folder.PathOf("picture.png"), "picture.png");
        var fault = Assert.Throws<ImageFormatException>(() => ImageFile.Load(folder.PathOf("picture.png")));
        Assert.Contains("It is a link that leads back to itself", fault.Message, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_pipe_that_nobody_writes_to_is_not_waited_for(bool throughLink)
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no such pipes in folders.");
        using var folder = new TemporaryFolder();
        var pipe = folder.MakePipe("pipe");
        var path = throughLink ? folder.PathOf("picture.png") : pipe;
        if (throughLink)
        {
            File.CreateSymbolicLink(path, pipe);
        }

        var load = Task.Run(() => ImageFile.Load(path));

        var fault = await Assert.ThrowsAsync<ImageFormatException>(() => load.WaitAsync(Patience.Limit));
        Assert.Contains("a pipe", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_above_the_limit_of_bytes_is_not_read()
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory().FullName, "picture.bmp");
        using (var file = File.Create(path))
        {
            file.SetLength(ImageFile.MaximumSizeInBytes + 1);
        }
        var before = GC.GetAllocatedBytesForCurrentThread();

        var fault = Assert.Throws<ImageFormatException>(() => ImageFile.Load(path));

        Assert.Contains("at most 1073741824", fault.Fault, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
        File.Delete(path);
    }

    public static TheoryData<string> CompletePictures =>
        [
            .. GoldenArrays.Decoded.Names.Where(name =>
                !name.StartsWith("pnm-p1", StringComparison.Ordinal)
                && !name.StartsWith("pnm-p2", StringComparison.Ordinal)
                && !name.StartsWith("pnm-p3", StringComparison.Ordinal)
            ),
        ];

    [Theory]
    [MemberData(nameof(CompletePictures))]
    public void A_truncated_file_is_a_fault_wherever_it_is_cut(string file)
    {
        var bytes = Golden(file);
        for (var cut = 1; cut <= 40; cut++)
        {
            // From one missing byte to nearly all.
            var length = bytes.Length - 1 - (int)((long)(bytes.Length - 1) * (cut - 1) / 40);
            Assert.Throws<ImageFormatException>(() => ImageFile.Decode(bytes.AsMemory(0, length), file));
        }
    }

    [Theory]
    [InlineData("pnm-p1.pbm")]
    [InlineData("pnm-p2-255.pgm")]
    [InlineData("pnm-p3-65535.ppm")]
    public void Text_without_its_second_half_is_a_fault(string file)
    {
        var bytes = Golden(file);

        Assert.Contains("truncated", Fault(bytes[..(bytes.Length / 2)]).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("png-type2-8bit.png")]
    [InlineData("jpeg-420-baseline-37x29.jpg")]
    [InlineData("jpeg-420-progressive-37x29.jpg")]
    public void Truncation_is_called_so(string file)
    {
        var bytes = Golden(file);

        Assert.Contains("truncated", Fault(bytes[..^20]).Message, StringComparison.Ordinal);
    }

    public static TheoryData<string, byte[]> HugeHeaders =>
        new()
        {
            { "60000x60000", PngEditing.File(PngEditing.Header(60_000, 60_000), PngEditing.Pixels(0), PngEditing.End) },
            {
                "4294967295x4294967295",
                PngEditing.File(PngEditing.Header(uint.MaxValue, uint.MaxValue), PngEditing.Pixels(0), PngEditing.End)
            },
            { "60000x60000", JpegWithSize(60_000, 60_000) },
            { "60000x60000", BmpWithSize(60_000, 60_000) },
            { "2147483647x2147483648", BmpWithSize(int.MaxValue, int.MinValue) },
            { "60000x60000", Encoding.ASCII.GetBytes("P6 60000 60000 255 ...") },
            { "2147483647x1", Encoding.ASCII.GetBytes("P3 99999999999999999999 1 255 ...") },
        };

    [Theory]
    [MemberData(nameof(HugeHeaders))]
    public void A_huge_header_in_a_tiny_file_takes_no_memory(string declared, byte[] bytes)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var fault = Fault(bytes);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
        // ImageSharp refuses some in its own words.
        Assert.True(!CodecDifferences.IsBuiltIn || fault.Fault.Contains($"declares {declared} pixels"), fault.Fault);
    }

    [SkippableTheory]
    [InlineData("png")]
    [InlineData("jpeg")]
    [InlineData("bmp")]
    [InlineData("ppm")]
    public void A_size_below_the_limit_that_the_file_cannot_hold_takes_no_memory(string format)
    {
        Skip.IfNot(
            CodecDifferences.IsBuiltIn || !CodecDifferences.IsSwitched(format + "-"),
            "ImageSharp takes memory for what is below the limit of pixels."
        );
        var bytes = format switch
        {
            "png" => PngEditing.File(PngEditing.Header(9000, 9000), PngEditing.Pixels(0), PngEditing.End),
            "jpeg" => JpegWithSize(9000, 9000),
            "bmp" => BmpWithSize(9000, 9000),
            _ => Encoding.ASCII.GetBytes("P6 9000 9000 255 ..."),
        };
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Contains("at least", Fault(bytes).Fault, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
    }

    [Fact]
    public void The_limit_of_pixels_can_be_chosen()
    {
        var bytes = Golden("png-type2-8bit.png");

        Assert.NotNull(ImageFile.Decode(bytes, "picture", 11 * 13));
        var fault = Assert.Throws<ImageFormatException>(() => ImageFile.Decode(bytes, "picture", 11 * 13 - 1));
        Assert.Contains("13x11", fault.Fault, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => ImageFile.Decode(bytes, "picture", 0));
    }

    private static byte[] JpegWithSize(int width, int height)
    {
        var bytes = Golden("jpeg-444-baseline-16x8.jpg");
        var at = bytes.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0, 0, 17]) + 5;
        System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(at), (ushort)height);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(at + 2), (ushort)width);
        return bytes;
    }

    private static byte[] BmpWithSize(int width, int height)
    {
        var bytes = Golden("bmp-24bit.bmp");
        BitConverter.TryWriteBytes(bytes.AsSpan(18), width);
        BitConverter.TryWriteBytes(bytes.AsSpan(22), height);
        return bytes;
    }
}
