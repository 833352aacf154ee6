using ILGpuMobileNet.Kernels.Simd;
using ILGpuMobileNet.Reference.Operations;

namespace ILGpuMobileNet.Kernels.Tests.Simd;

public sealed class StandardConvTests
{
    public static TheoryData<ConvolutionTest, SimdWidth> Cases { get; } = Widths.Times(ConvolutionTests.Standard);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Matches_reference(ConvolutionTest test, SimdWidth width) => Check(test, width, readsPacked: false);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Matches_reference_on_packed_images(ConvolutionTest test, SimdWidth width) =>
        Check(test, width, readsPacked: true);

    private static void Check(ConvolutionTest test, SimdWidth width, bool readsPacked)
    {
        using var operation = SimdOperations.Standard(test, width, readsPacked);
        Widths.AssertClose(ReferenceOperations.Convolution(test), SimdRun.Of(test, width, readsPacked).Run(operation));
    }
}
