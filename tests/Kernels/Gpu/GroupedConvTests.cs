using ILGpuMobileNet.Reference.Operations;

namespace ILGpuMobileNet.Kernels.Tests.Gpu;

[Trait("Device", "ilgpu")]
[Collection("device")]
public sealed class GroupedConvTests
{
    public static TheoryData<ConvolutionTest> Cases { get; } = [.. ConvolutionTests.Grouped];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Matches_reference(ConvolutionTest test)
    {
        var run = GpuRun.Of(TestDevice.Shared.Accelerator, test);
        GpuAssert.Close(ReferenceOperations.Convolution(test), run.Run(GpuOperations.Grouped(test)));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void An_image_has_the_same_bits_in_any_batch(ConvolutionTest test) =>
        GpuAssert.EachImageAlone(GpuRun.Of(TestDevice.Shared.Accelerator, test), () => GpuOperations.Grouped(test));
}
