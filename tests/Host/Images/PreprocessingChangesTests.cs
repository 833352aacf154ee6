using ILGpuMobileNet.Kernels;

namespace ILGpuMobileNet.Host.Tests.Images;

public sealed class PreprocessingChangesTests
{
    private static readonly Extent Input = Extent.Square(224);

    public static TheoryData<PreprocessingChanges, Preprocessing> Changes { get; } =
        new()
        {
            {
                new() { Resize = ResizeRule.Stretch },
                Preprocessing.ImageNet with
                {
                    Resize = ResizeRule.Stretch,
                }
            },
            {
                new() { ShorterSide = 232 },
                Preprocessing.ImageNet with
                {
                    ShorterSideRatio = 232 / 224.0,
                }
            },
            {
                new() { CropFraction = 0.5 },
                Preprocessing.ImageNet with
                {
                    ShorterSideRatio = 2,
                }
            },
            {
                new() { Rounding = ResizeRounding.Paddle },
                Preprocessing.ImageNet with
                {
                    Rounding = ResizeRounding.Paddle,
                }
            },
            {
                new() { Interpolation = Interpolation.Bicubic },
                Preprocessing.ImageNet with
                {
                    Interpolation = Interpolation.Bicubic,
                }
            },
            {
                new() { Antialias = false },
                Preprocessing.ImageNet with
                {
                    Antialias = false,
                }
            },
            {
                new() { Order = ChannelOrder.Bgr },
                Preprocessing.ImageNet with
                {
                    Order = ChannelOrder.Bgr,
                }
            },
            {
                new() { Mean = default(ColourValues) },
                Preprocessing.ImageNet with
                {
                    Mean = default,
                }
            },
            {
                new() { Std = ColourValues.Same(2) },
                Preprocessing.ImageNet with
                {
                    Std = ColourValues.Same(2),
                }
            },
        };

    [Theory]
    [MemberData(nameof(Changes))]
    public void One_item_differs_and_pictures_with_it(PreprocessingChanges changes, Preprocessing expected)
    {
        Assert.False(changes.IsEmpty);
        var changed = changes.ApplyTo(Preprocessing.ImageNet, Input);

        Assert.Equal(expected, changed);
        Assert.NotEqual(Pixels(Preprocessing.ImageNet), Pixels(changed));
    }

    [Fact]
    public void A_shorter_side_implies_its_rule()
    {
        var changed = new PreprocessingChanges { ShorterSide = 192 }.ApplyTo(
            Preprocessing.PaddleTextDirection,
            new(48, 192)
        );

        Assert.Equal((ResizeRule.ShorterSide, 1), (changed.Resize, changed.ShorterSideRatio));
    }

    [Fact]
    public void What_does_not_go_together_is_refused()
    {
        Refused(new() { ShorterSide = 256, CropFraction = 0.875 }, "give one of them");
        Refused(new() { CropFraction = 1.5 }, "at most 1");
        Refused(new() { ShorterSide = 223 }, "The shorter side (--resize");
        Refused(new() { ShorterSide = 223 }, "is 223 pixels, but the input has 224");
        Refused(new() { Resize = ResizeRule.Stretch, CropFraction = 0.5 }, "'stretch' crops nothing");
        Refused(new() { Resize = ResizeRule.Stretch, ShorterSide = 256 }, "'stretch' crops nothing");
    }

    private static void Refused(PreprocessingChanges changes, string message)
    {
        var fault = Assert.Throws<ArgumentException>(() => changes.ApplyTo(Preprocessing.ImageNet, Input));

        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
    }

    private static float[] Pixels(Preprocessing preprocessing)
    {
        var bytes = new byte[3 * 300 * 405];
        new Random(1).NextBytes(bytes);
        var output = new float[224 * 224 * 3];
        new Preprocessor(preprocessing, new(224, 224, 3)).Run(new(405, 300, bytes), output);
        return output;
    }
}
