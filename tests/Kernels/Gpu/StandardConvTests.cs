using ILGpuMobileNet.Reference.Operations;

namespace ILGpuMobileNet.Kernels.Tests.Gpu;

[Trait("Device", "ilgpu")]
[Collection("device")]
public sealed class StandardConvTests
{
    public static TheoryData<ConvolutionTest> Cases { get; } =
    [
        .. ConvolutionTests.Standard,
        .. from width in (int[])[1, 2, 7, 9, 11] // tails of strips
        from channels in (int[])[1, 3, 5, 8, 34]
        select new ConvolutionTest(3, new(3, width, 3), channels, Symmetric(3, 2))
        {
            Activation = Activation.HardSwish,
            HasResidual = channels == 5,
        },
    ];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Matches_reference(ConvolutionTest test) => Check(test, readsPacked: false);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Matches_reference_on_packed_images(ConvolutionTest test) => Check(test, readsPacked: true);

    [Theory]
    [MemberData(nameof(Cases))]
    public void An_image_has_the_same_bits_in_any_batch(ConvolutionTest test) =>
        GpuAssert.EachImageAlone(
            GpuRun.Of(TestDevice.Shared.Accelerator, test),
            () => GpuOperations.Standard(test, readsPacked: true)
        );

    private static void Check(ConvolutionTest test, bool readsPacked)
    {
        var run = GpuRun.Of(TestDevice.Shared.Accelerator, test, readsPacked);
        GpuAssert.Close(ReferenceOperations.Convolution(test), run.Run(GpuOperations.Standard(test, readsPacked)));
    }

    private static Window Symmetric(int kernel, int stride) =>
        new(
            Extent.Square(kernel),
            Extent.Square(stride),
            Extent.Square(1),
            Padding.Symmetric(Extent.Square(kernel), Extent.Square(1))
        );
}
