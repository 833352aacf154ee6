using ILGpuMobileNet.Kernels.Gpu;
using ILGpuMobileNet.Kernels.Tests.Simd;
using ILGpuMobileNet.Reference.Operations;

namespace ILGpuMobileNet.Kernels.Tests.Gpu;

[Trait("Device", "ilgpu")]
[Collection("device")]
public sealed class GlobalAveragePoolTests
{
    public static TheoryData<FeatureShape> Shapes { get; } =
    [
        new FeatureShape(1, 1, 1),
        new FeatureShape(7, 7, 33),
        new FeatureShape(13, 5, 260),
        new FeatureShape(112, 113, 3),
        new FeatureShape(8, 8, 16),
    ];

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Matches_reference(FeatureShape shape) =>
        Widths.AssertClose(ReferenceOperations.GlobalAveragePool(shape, 3, Values(shape, 3)), Run(shape, 3));

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Gives_an_image_the_same_bits_in_any_batch(FeatureShape shape) =>
        Assert.Equal(Run(shape, 3)[..shape.Channels], Run(shape, 1));

    private static float[] Run(FeatureShape shape, int batch)
    {
        var run = new GpuRun(TestDevice.Shared.Accelerator, batch)
        {
            Input = Values(shape, batch),
            InputShape = shape,
            OutputShape = new(1, 1, shape.Channels),
        };
        return run.Run(new GlobalAveragePool(shape));
    }

    private static float[] Values(FeatureShape shape, int batch) =>
        [.. TestValues.Uniform(1, batch * shape.ElementCount).Select(value => value + 1)];
}
