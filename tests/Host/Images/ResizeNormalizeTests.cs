using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Kernels.Simd;

namespace ILGpuMobileNet.Host.Tests.Images;

public class ResizeNormalizeTests
{
    private static readonly PixelNormalization Unchanged = new(ColourValues.Same(1), default, ChannelOrder.Rgb);

    public static TheoryData<string> Cases =>
        [.. GoldenArrays.Resized.Names.Where(name => !name.StartsWith("source", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Equals_Pillow_antialiased_and_OpenCV_within_a_level(string name)
    {
        var parts = name.Split('-');
        var (source, expected) = (GoldenArrays.Resized[$"source-{parts[2]}"], GoldenArrays.Resized[name]);
        var antialias = parts[0] == "pillow";
        var filter = new ResizeFilter(Enum.Parse<Interpolation>(parts[1], ignoreCase: true), antialias);

        var actual = Resize(new(filter, Unchanged), source, expected.Width, expected.Height);

        PixelAssert.Close(expected, actual, antialias ? default : new(1, 1));
    }

    [Theory]
    [InlineData(Interpolation.Bilinear, true)]
    [InlineData(Interpolation.Bicubic, true)]
    [InlineData(Interpolation.Bilinear, false)]
    [InlineData(Interpolation.Bicubic, false)]
    [InlineData(Interpolation.Nearest, true)]
    [InlineData(Interpolation.Nearest, false)]
    public void A_window_equals_that_part_of_the_whole(Interpolation interpolation, bool antialias)
    {
        var source = GoldenArrays.Resized["source-6"];
        var resize = new ResizeNormalize(new(interpolation, antialias), Unchanged);
        var whole = Resize(resize, source, 50, 40);
        var window = new float[7 * 9 * 3];

        resize.Run(source.Pixels.Span, new(new(97, 40, 11, 7), new(61, 50, 23, 9)), window);

        var expected = Enumerable
            .Range(0, 7)
            .SelectMany(y => whole.Pixels.Slice(3 * ((y + 11) * 50 + 23), 27).ToArray());
        Assert.Equal(expected.Select(value => (float)value), window);
    }

    [Theory]
    // Pillow: Image.fromarray(np.arange(n, dtype=np.uint8)[None]).resize((m, 1), Image.NEAREST)
    [InlineData(5, 3, new[] { 0, 2, 4 })]
    [InlineData(3, 7, new[] { 0, 0, 1, 1, 1, 2, 2 })]
    [InlineData(10, 4, new[] { 1, 3, 6, 8 })]
    public void Nearest_pixels_are_those_of_Pillow(int source, int resized, int[] expected)
    {
        var image = new RgbImage(
            source,
            1,
            Enumerable.Range(0, 3 * source).Select(index => (byte)(index / 3)).ToArray()
        );
        foreach (var antialias in (bool[])[true, false])
        {
            var actual = Resize(new(new(Interpolation.Nearest, antialias), Unchanged), image, resized, 1);

            Assert.Equal(expected, actual.Pixels.ToArray().Chunk(3).Select(pixel => (int)pixel[0]));
        }
    }

    [Fact]
    public void Columns_beyond_the_resized_image_are_zero_after_normalisation()
    {
        var normalization = new PixelNormalization(ColourValues.Same(1), ColourValues.Same(100), ChannelOrder.Rgb);
        var resize = new ResizeNormalize(new(Interpolation.Bilinear, false), normalization);
        var output = Enumerable.Repeat(7f, 3 * 4 * 3).ToArray();

        resize.Run(new byte[2 * 2 * 3], new(new(2, 2, 0, 3), new(2, 2, 0, 4)), output);

        float[] row = [.. Enumerable.Repeat(100f, 6), .. new float[6]];
        Assert.Equal([.. row, .. row, .. new float[12]], output);
    }

    [Fact]
    public void Scales_and_shifts_each_colour_and_then_orders_them()
    {
        var normalization = new PixelNormalization(new(1, 2, 3), new(10, 20, 30), ChannelOrder.Bgr);
        var resize = new ResizeNormalize(new(Interpolation.Bilinear, true), normalization);
        var output = new float[3];

        resize.Run([1, 2, 3], new(new(1, 1, 0, 1), new(1, 1, 0, 1)), output);

        Assert.Equal([39f, 24f, 11f], output);
    }

    [Fact]
    public void Takes_no_memory_once_it_has_seen_the_largest_image()
    {
        var resize = new ResizeNormalize(new(Interpolation.Bicubic, true), Unchanged);
        var (large, small) = (new byte[100 * 80 * 3], new byte[31 * 50 * 3]);
        var output = new float[24 * 24 * 3];
        void RunBoth()
        {
            resize.Run(large, new(new(100, 24, 0, 24), new(80, 24, 0, 24)), output);
            resize.Run(small, new(new(31, 24, 0, 24), new(50, 24, 0, 24)), output);
        }
        RunBoth();
        var before = GC.GetAllocatedBytesForCurrentThread();

        RunBoth();

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void An_image_of_the_size_before_gives_its_own_pixels()
    {
        var source = GoldenArrays.Resized["source-2"];
        var resize = new ResizeNormalize(new(Interpolation.Bilinear, true), Unchanged);
        Resize(resize, new(source.Width, source.Height, new byte[source.Pixels.Length]), 16, 12);

        PixelAssert.Equal(GoldenArrays.Resized["pillow-bilinear-2-12x16"], Resize(resize, source, 16, 12));
    }

    [Theory]
    [InlineData(11, 12)]
    [InlineData(12, 13)]
    public void Spans_of_the_wrong_length_are_refused(int sourceLength, int outputLength)
    {
        var resize = new ResizeNormalize(new(Interpolation.Bilinear, true), Unchanged);
        var geometry = new ResizeGeometry(new(2, 2, 0, 2), new(2, 2, 0, 2));

        Assert.Throws<ArgumentException>(() => resize.Run(new byte[sourceLength], geometry, new float[outputLength]));
    }

    private static RgbImage Resize(ResizeNormalize resize, RgbImage source, int width, int height)
    {
        var output = new float[3 * width * height];
        var geometry = new ResizeGeometry(new(source.Height, height, 0, height), new(source.Width, width, 0, width));
        resize.Run(source.Pixels.Span, geometry, output);
        return new(width, height, Array.ConvertAll(output, value => (byte)value));
    }
}
