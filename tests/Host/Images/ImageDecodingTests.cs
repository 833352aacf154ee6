namespace ILGpuMobileNet.Host.Tests.Images;

public class ImageDecodingTests
{
    public static TheoryData<string> Pictures => [.. GoldenArrays.Decoded.Names];

    [SkippableTheory]
    [MemberData(nameof(Pictures))]
    public void Decodes_the_pixels_of_the_reference(string file)
    {
        var tolerance = CodecDifferences.IsBuiltIn ? default(PixelTolerance) : CodecDifferences.OfImageSharp(file);
        Skip.If(tolerance is null, "ImageSharp is known to be wrong here.");

        var image = ImageFile.Load(Path.Combine(GoldenArrays.Folder, file));

        PixelAssert.Close(GoldenArrays.Decoded[file], image, tolerance.Value);
    }

    [Fact]
    public void Every_picture_in_the_folder_has_a_reference()
    {
        var files = Directory.GetFiles(GoldenArrays.Folder).Select(Path.GetFileName);

        Assert.Equal(
            GoldenArrays.Decoded.Names.Order(StringComparer.Ordinal),
            files
                .Where(file => file![0] != '.' && !file.EndsWith(".npz", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void Content_decides_the_format_whatever_the_name_says()
    {
        var folder = Directory.CreateTempSubdirectory();
        var path = Path.Combine(folder.FullName, "picture.jpg");
        File.Copy(Path.Combine(GoldenArrays.Folder, "png-type2-8bit.png"), path);

        var image = ImageFile.Load(path);

        PixelAssert.Equal(GoldenArrays.Decoded["png-type2-8bit.png"], image);
        folder.Delete(recursive: true);
    }

    [Fact]
    public void The_codecs_name_themselves() =>
        Assert.Contains(ImageFile.CodecName, (string[])["built-in", "ImageSharp"]);

    [Theory]
    [InlineData(0, 1, 0)]
    [InlineData(1, -1, 0)]
    [InlineData(2, 2, 11)]
    [InlineData(65536, 65536, 0)]
    public void An_image_needs_as_many_bytes_as_its_size_says(int width, int height, int length) =>
        Assert.Throws<ArgumentException>(() => new RgbImage(width, height, new byte[length]));
}
