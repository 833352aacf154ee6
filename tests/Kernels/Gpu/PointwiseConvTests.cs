using ILGpuMobileNet.Kernels.Gpu;
using ILGpuMobileNet.Kernels.Tests.Simd;
using ILGpuMobileNet.Reference.Operations;

namespace ILGpuMobileNet.Kernels.Tests.Gpu;

[Trait("Device", "ilgpu")]
[Collection("device")]
public sealed class PointwiseConvTests
{
    public static TheoryData<ConvolutionTest, string> Cases { get; } = Times(ConvolutionTests.Pointwise);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Matches_reference(ConvolutionTest test, string tile) =>
        Widths.AssertClose(ReferenceOperations.Convolution(test), Run(test, tile));

    private static float[] Run(ConvolutionTest test, string tile) =>
        GpuRun
            .Of(TestDevice.Shared.Accelerator, test)
            .Run(GpuOperations.Pointwise(test, Enum.Parse<PointwiseTile>(tile)));

    private static TheoryData<ConvolutionTest, string> Times(IEnumerable<ConvolutionTest> tests)
    {
        var data = new TheoryData<ConvolutionTest, string>();
        foreach (var test in tests)
        {
            foreach (var tile in LaunchRule.Tiles)
            {
                data.Add(test, tile.ToString());
            }
        }
        return data;
    }
}
