using ILGpuMobileNet.Kernels;

namespace ILGpuMobileNet.Host.Tests.Images;

public class PreprocessingTests
{
    private static readonly Extent Input = Extent.Square(224);

    [Theory]
    // Computed with torchvision's Resize(256) and CenterCrop(224): resized rows and columns, first row and column.
    [InlineData(500, 375, 256, 341, 16, 58)]
    [InlineData(375, 501, 342, 256, 59, 16)]
    [InlineData(375, 503, 343, 256, 60, 16)]
    [InlineData(224, 224, 256, 256, 16, 16)]
    [InlineData(1, 1, 256, 256, 16, 16)]
    [InlineData(1, 60000, 15360000, 256, 7679888, 16)]
    public void Shorter_side_and_crop_are_those_of_torchvision(
        int width,
        int height,
        long rows,
        long columns,
        long top,
        long left
    )
    {
        var geometry = Preprocessing.ImageNet.Geometry(width, height, Input);

        Assert.Equal(new(new(height, rows, top, 224), new(width, columns, left, 224)), geometry);
    }

    [Theory]
    [InlineData(100, 32, 150)]
    [InlineData(99, 32, 149)]
    [InlineData(200, 32, 192)]
    [InlineData(1, 1000, 1)]
    public void Fitted_width_is_that_of_PaddleOCR(int width, int height, int columns)
    {
        var geometry = Preprocessing.PaddleTextDirection.Geometry(width, height, new(48, 192));

        Assert.Equal(new(new(height, 48, 0, 48), new(width, columns, 0, 192)), geometry);
    }

    [Theory]
    // floor(224 / crop_pct), as timm has it; round() would give 236 and 249.
    [InlineData(0.875, 256)]
    [InlineData(0.95, 235)]
    [InlineData(0.9, 248)]
    [InlineData(1.0, 224)]
    public void Shorter_side_is_that_of_timm(double fraction, long shorter)
    {
        var timm = Preprocessing.ImageNet with { ShorterSideRatio = 1 / fraction, Rounding = ResizeRounding.Timm };

        Assert.Equal(shorter, timm.Geometry(300, 300, Input).Vertical.Resized);
    }

    [Theory]
    // PaddleClas: int(round(375 * 256 / 281)) = 342 where torchvision cuts to 341; (342 - 224) // 2 and (257 - 224) // 2.
    [InlineData(375, 281, 342, 59)]
    [InlineData(257, 256, 257, 16)]
    public void Longer_side_and_crop_are_those_of_PaddleClas(int width, int height, long columns, long left)
    {
        var paddle = Preprocessing.ImageNet with { Rounding = ResizeRounding.Paddle };

        var geometry = paddle.Geometry(width, height, Input);

        Assert.Equal(new(new(height, 256, 16, 224), new(width, columns, left, 224)), geometry);
    }

    [Theory]
    // tf.image.central_crop(0.875): int((side - 0.875 * side) / 2) off each end.
    [InlineData(100, 50, 6, 3)]
    [InlineData(16, 15, 1, 0)]
    [InlineData(1, 3, 0, 0)]
    public void Central_crop_is_that_of_TensorFlow(int width, int height, int left, int top)
    {
        var slim = Preprocessing.KerasTf with { Resize = ResizeRule.CentralCrop, ShorterSideRatio = 1 / 0.875 };

        var (offset, size) = slim.Visible(width, height);

        Assert.Equal(new Extent(top, left), offset);
        Assert.Equal(new Extent(height - 2 * top, width - 2 * left), size);
    }

    [Fact]
    public void Central_crop_leaves_a_pixel_whatever_the_ratio()
    {
        var tight = Preprocessing.KerasTf with { Resize = ResizeRule.CentralCrop, ShorterSideRatio = 1e300 };

        Assert.Equal(new Extent(2, 1), tight.Visible(5, 4).Size);
    }

    [Fact]
    public void What_a_central_crop_cuts_off_is_not_seen()
    {
        var slim = Preprocessing.KerasTf with { Resize = ResizeRule.CentralCrop, ShorterSideRatio = 2 };
        // A white frame of two pixels around four by four black ones.
        var pixels = Enumerable
            .Range(0, 64)
            .SelectMany(index =>
                Enumerable.Repeat(index / 8 is >= 2 and < 6 && index % 8 is >= 2 and < 6 ? (byte)0 : (byte)255, 3)
            );
        var output = new float[16 * 16 * 3];

        new Preprocessor(slim, new(16, 16, 3)).Run(new(8, 8, pixels.ToArray()), output);

        Assert.All(output, value => Assert.Equal(-1, value));
    }

    [Fact]
    public void Stretching_reaches_the_input_whatever_the_aspect()
    {
        var stretch = Preprocessing.ImageNet with { Resize = ResizeRule.Stretch };

        Assert.Equal(new(new(10, 224, 0, 224), new(999, 224, 0, 224)), stretch.Geometry(999, 10, Input));
    }

    [Fact]
    public void ImageNet_gives_the_floats_of_torchvision()
    {
        var output = Run(Preprocessing.ImageNet, new(224, 224, 3), 51, 102, 204);

        Assert.Equal((0.2f - 0.485f) / 0.229f, output[0], 1e-5f);
        Assert.Equal((0.4f - 0.456f) / 0.224f, output[1], 1e-5f);
        Assert.Equal((0.8f - 0.406f) / 0.225f, output[^1], 1e-5f);
    }

    [Fact]
    public void Keras_values_reach_from_minus_one_to_one()
    {
        var output = Run(Preprocessing.KerasTf, new(32, 32, 3), 0, 51, 255);

        Assert.Equal([-1f, 51 / 127.5f - 1, 1f], output[..3].Select(value => MathF.Round(value, 6)));
    }

    [Fact]
    public void Paddle_values_have_blue_first_and_zeros_on_the_right()
    {
        var output = Run(Preprocessing.PaddleTextDirection, new(48, 192, 3), 0, 51, 255);

        Assert.Equal([1f, -0.6f, -1f], output[..3].Select(value => MathF.Round(value, 6)));
        // A square image fills 48 of the 192 columns.
        Assert.Equal(-1f, output[3 * 48 - 1], 1e-6f);
        Assert.All(output[(3 * 48)..(3 * 192)], value => Assert.Equal(0, value));
    }

    [Theory]
    [InlineData(60000, 1)]
    [InlineData(1, 60000)]
    public void Extreme_aspects_are_processed(int width, int height)
    {
        foreach (var preprocessing in (Preprocessing[])[Preprocessing.ImageNet, Preprocessing.PaddleTextDirection])
        {
            var output = new float[48 * 192 * 3];
            new Preprocessor(preprocessing, new(48, 192, 3)).Run(
                new(width, height, new byte[3 * width * height]),
                output
            );

            Assert.All(output, value => Assert.InRange(value, -3, 0));
        }
    }

    [Fact]
    public void What_cannot_be_done_is_refused_at_once()
    {
        Assert.Throws<ArgumentException>(() => new Preprocessor(Preprocessing.ImageNet, new(224, 224, 1)));
        Assert.Throws<ArgumentException>(() => new Preprocessor(Preprocessing.ImageNet, new(0, 224, 3)));
        foreach (var deviation in (float[])[0, -1, float.NaN, float.PositiveInfinity])
        {
            Assert.Throws<ArgumentException>(() =>
                new Preprocessor(Preprocessing.ImageNet with { Std = new(1, deviation, 1) }, new(8, 8, 3))
            );
        }
        Assert.Throws<ArgumentException>(() =>
            new Preprocessor(Preprocessing.ImageNet with { Mean = ColourValues.Same(float.NaN) }, new(8, 8, 3))
        );
        Assert.Throws<ArgumentException>(() =>
            new Preprocessor(Preprocessing.ImageNet with { ShorterSideRatio = 0.9 }, new(8, 8, 3))
        );
        Assert.Throws<ArgumentException>(() =>
            new Preprocessor(
                Preprocessing.KerasTf with
                {
                    Resize = ResizeRule.CentralCrop,
                    ShorterSideRatio = double.NaN,
                },
                new(8, 8, 3)
            )
        );
        Assert.Throws<ArgumentException>(() => Run(Preprocessing.KerasTf, new(8, 8, 3), outputLength: 3));
    }

    private static float[] Run(Preprocessing preprocessing, FeatureShape target, byte red, byte green, byte blue)
    {
        var output = new float[target.ElementCount];
        new Preprocessor(preprocessing, target).Run(Flat(red, green, blue), output);
        return output;
    }

    private static float[] Run(Preprocessing preprocessing, FeatureShape target, int outputLength)
    {
        var output = new float[outputLength];
        new Preprocessor(preprocessing, target).Run(Flat(0, 0, 0), output);
        return output;
    }

    private static RgbImage Flat(byte red, byte green, byte blue) =>
        new(20, 20, Enumerable.Repeat((byte[])[red, green, blue], 400).SelectMany(pixel => pixel).ToArray());
}
