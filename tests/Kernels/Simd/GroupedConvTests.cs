using ILGpuMobileNet.Kernels.Simd;
using ILGpuMobileNet.Reference.Operations;

namespace ILGpuMobileNet.Kernels.Tests.Simd;

public sealed class GroupedConvTests
{
    public static TheoryData<ConvolutionTest, SimdWidth> Cases { get; } = Widths.Times(ConvolutionTests.Grouped);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Matches_reference(ConvolutionTest test, SimdWidth width)
    {
        using var operation = SimdOperations.Grouped(test, width);
        Widths.AssertClose(ReferenceOperations.Convolution(test), SimdRun.Of(test, width).Run(operation));
    }
}
