using ILGpuMobileNet.Kernels.Gpu;
using ILGpuMobileNet.Kernels.Tests.Simd;
using ILGpuMobileNet.Reference.Operations;

namespace ILGpuMobileNet.Kernels.Tests.Gpu;

[Trait("Device", "ilgpu")]
[Collection("device")]
public sealed class SoftmaxTests
{
    public static TheoryData<FeatureShape> Shapes { get; } =
    [
        new FeatureShape(5, 3, 19),
        new FeatureShape(1, 1, 1),
        new FeatureShape(1, 1, 2),
        new FeatureShape(1, 2, 1000),
        new FeatureShape(1, 1, 1001),
    ];

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Matches_reference_for_large_logits(FeatureShape shape)
    {
        var input = TestValues.Uniform(1, 2 * shape.ElementCount, 500);
        Widths.AssertClose(ReferenceOperations.Softmax(shape.Channels, input), Run(shape, 2, input));
    }

    [Fact]
    public void Matches_reference_for_small_logits()
    {
        var shape = new FeatureShape(1, 1, 1000);
        var input = TestValues.Uniform(2, shape.ElementCount, 3);
        Widths.AssertClose(ReferenceOperations.Softmax(shape.Channels, input), Run(shape, 1, input));
    }

    [Fact]
    public void What_is_not_a_number_makes_its_pixel_so_and_no_other()
    {
        var input = new float[] { 1, float.NaN, 3, 4, 5, 6 };
        var output = Run(new(1, 2, 3), 1, input);
        Assert.All(output[..3], score => Assert.Equal(float.NaN, score));
        Assert.Equal(1, output[3..].Sum(), 1e-6f);
    }

    private static float[] Run(FeatureShape shape, int batch, float[] input)
    {
        var run = new GpuRun(TestDevice.Shared.Accelerator, batch)
        {
            Input = input,
            InputShape = shape,
            OutputShape = shape,
        };
        return run.Run(new Softmax(shape));
    }
}
