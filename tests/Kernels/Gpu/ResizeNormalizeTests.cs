using ILGPU.Runtime;
using ILGpuMobileNet.Kernels.Gpu;
using ILGpuMobileNet.Reference.Operations;
using SimdResizeNormalize = ILGpuMobileNet.Kernels.Simd.ResizeNormalize;

namespace ILGpuMobileNet.Kernels.Tests.Gpu;

[Trait("Device", "ilgpu")]
[Collection("device")]
public sealed class ResizeNormalizeTests
{
    private static readonly PixelNormalization s_normalization = new(
        new(0.017124f, 0.017507f, 0.017429f),
        new(-2.1179f, -2.0357f, -1.8044f),
        ChannelOrder.Bgr
    );

    public static TheoryData<Interpolation, bool> Filters { get; } =
        new()
        {
            { Interpolation.Bilinear, true },
            { Interpolation.Bilinear, false },
            { Interpolation.Bicubic, true },
            { Interpolation.Bicubic, false },
            { Interpolation.Nearest, false },
        };

    private static IReadOnlyList<ResizeGeometry> Geometries { get; } =
    [
        new(new(1, 1, 0, 1), new(1, 1, 0, 1)),
        new(new(1, 9, 0, 9), new(1, 7, 0, 7)), // one pixel
        new(new(1, 5, 2, 2), new(40, 6, 0, 6)), // one row
        new(new(33, 32, 0, 32), new(47, 32, 0, 32)),
        new(new(97, 24, 0, 24), new(61, 20, 0, 20)), // smaller
        new(new(11, 48, 0, 48), new(13, 31, 0, 31)), // larger
        new(new(97, 40, 11, 7), new(61, 50, 23, 9)), // a window
        new(new(30, 64, 16, 32), new(50, 100, 34, 32)), // a window of something larger
        new(new(20, 12, 0, 12), new(90, 30, 0, 48)), // zeros at the right
        new(new(64, 20, 0, 32), new(10, 8, 0, 8)), // zeros at the bottom
        new(new(2, 3, 0, 48), new(3, 2, 1, 48)), // zeros almost everywhere
        new(new(100, 1, 0, 1), new(100, 1, 0, 1)), // everything into one
    ];

    [Theory]
    [MemberData(nameof(Filters))]
    public void Equals_the_CPU_bit_for_bit_one_image_after_the_other(Interpolation interpolation, bool antialias)
    {
        var filter = new ResizeFilter(interpolation, antialias);
        var expected = new SimdResizeNormalize(filter, s_normalization);
        using var resize = Create(filter, s_normalization);
        foreach (var geometry in Geometries)
        {
            var source = Pixels(geometry);
            var output = Poisoned(geometry);
            expected.Run(source, geometry, output);
            Assert.Equal(output, Run(resize, source, geometry));
        }
    }

    [Fact]
    public void Takes_random_geometries_within_the_memory_it_said()
    {
        var random = new Random(5);
        var filter = new ResizeFilter(Interpolation.Bicubic, true);
        var expected = new SimdResizeNormalize(filter, s_normalization);
        using var resize = Create(filter, s_normalization);
        for (var i = 0; i < 25; i++)
        {
            var geometry = new ResizeGeometry(Axis(random), Axis(random));
            var (source, output) = (Pixels(geometry), Poisoned(geometry));
            expected.Run(source, geometry, output);
            Assert.True(output.SequenceEqual(Run(resize, source, geometry)), geometry.ToString());
        }
    }

    [Fact]
    public void Scales_and_shifts_each_colour_and_then_orders_them()
    {
        var geometry = new ResizeGeometry(new(1, 1, 0, 1), new(1, 1, 0, 1));
        foreach (var order in Enum.GetValues<ChannelOrder>())
        {
            using var resize = Create(new(Interpolation.Bilinear, true), new(new(1, 2, 3), new(10, 20, 30), order));
            float[] expected = order == ChannelOrder.Rgb ? [11, 24, 39] : [39, 24, 11];
            Assert.Equal(expected, Run(resize, [1, 2, 3], geometry));
        }
    }

    [Theory]
    [InlineData(101, 10, 10, 10)]
    [InlineData(10, 101, 10, 10)]
    [InlineData(10, 10, 49, 10)]
    [InlineData(10, 10, 10, 49)]
    public void Sizes_beyond_the_memory_taken_are_refused(int height, int width, int outputHeight, int outputWidth)
    {
        using var resize = Create(new(Interpolation.Bilinear, true), s_normalization);
        var geometry = new ResizeGeometry(
            new(height, outputHeight, 0, outputHeight),
            new(width, outputWidth, 0, outputWidth)
        );
        Assert.Throws<ArgumentException>(() => Run(resize, Pixels(geometry), geometry));
    }

    [Theory]
    [InlineData(11, 12)]
    [InlineData(12, 11)]
    public void Views_that_are_too_short_are_refused(int sourceLength, int outputLength)
    {
        var accelerator = TestDevice.Shared.Accelerator;
        using var resize = Create(new(Interpolation.Bilinear, true), s_normalization);
        using var source = accelerator.Allocate1D<byte>(sourceLength);
        using var output = accelerator.Allocate1D<float>(outputLength);
        var geometry = new ResizeGeometry(new(2, 2, 0, 2), new(2, 2, 0, 2));
        Assert.Throws<ArgumentException>(() =>
            resize.Run(accelerator.DefaultStream, source.View, geometry, output.View)
        );
    }

    [Fact]
    public void Can_be_disposed_twice_and_then_not_be_run()
    {
        var geometry = new ResizeGeometry(new(2, 2, 0, 2), new(2, 2, 0, 2));
        var resize = Create(new(Interpolation.Bilinear, true), s_normalization);
        resize.Dispose();
        resize.Dispose();
        Assert.Throws<ObjectDisposedException>(() => Run(resize, Pixels(geometry), geometry));
    }

    private static ResizeNormalize Create(ResizeFilter filter, PixelNormalization normalization) =>
        new(TestDevice.Shared.Accelerator, filter, normalization, new(Extent.Square(100), Extent.Square(48)));

    private static ResizeAxis Axis(Random random)
    {
        var resized = random.Next(1, 200);
        return new(random.Next(1, 101), resized, random.Next(resized), random.Next(1, 49));
    }

    private static byte[] Pixels(ResizeGeometry geometry)
    {
        var pixels = new byte[geometry.Vertical.Source * geometry.Horizontal.Source * 3];
        new Random(pixels.Length).NextBytes(pixels);
        return pixels;
    }

    private static float[] Poisoned(ResizeGeometry geometry)
    {
        var output = new float[geometry.Vertical.Length * geometry.Horizontal.Length * 3];
        Array.Fill(output, float.NaN);
        return output;
    }

    private static float[] Run(ResizeNormalize resize, byte[] pixels, ResizeGeometry geometry)
    {
        var accelerator = TestDevice.Shared.Accelerator;
        using var stream = accelerator.CreateStream();
        using var source = accelerator.Allocate1D(pixels);
        using var output = accelerator.Allocate1D(Poisoned(geometry));
        resize.Run(stream, source.View, geometry, output.View);
        stream.Synchronize();
        return output.GetAsArray1D();
    }
}
