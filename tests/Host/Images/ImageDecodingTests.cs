namespace ILGpuMobileNet.Host.Tests.Images;

public class ImageDecodingTests
{
    // The built-in codecs give the reference's pixels; ImageSharp rounds scaled samples and JPEG differently.
    private static bool IsBuiltIn => ImageFile.CodecName == "built-in";

    public static TheoryData<string> Pictures => [.. GoldenArrays.Decoded.Names];

    [Theory]
    [MemberData(nameof(Pictures))]
    public void Decodes_the_pixels_of_the_reference(string file)
    {
        var image = ImageFile.Load(Path.Combine(GoldenArrays.Folder, file));

        PixelAssert.Close(GoldenArrays.Decoded[file], image, 0);
    }
}
