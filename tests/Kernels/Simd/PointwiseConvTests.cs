using ILGpuMobileNet.Kernels.Simd;
using ILGpuMobileNet.Reference.Operations;

namespace ILGpuMobileNet.Kernels.Tests.Simd;

public sealed class PointwiseConvTests
{
    public static TheoryData<ConvolutionTest, SimdWidth> Cases { get; } = Widths.Times(ConvolutionTests.Pointwise);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Matches_reference(ConvolutionTest test, SimdWidth width)
    {
        using var operation = SimdOperations.Pointwise(test, width);
        Widths.AssertClose(ReferenceOperations.Convolution(test), SimdRun.Of(test, width).Run(operation));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Gives_an_image_the_same_bits_in_any_batch(ConvolutionTest test, SimdWidth width)
    {
        using var operation = SimdOperations.Pointwise(test, width);
        var batch = SimdRun.Of(test, width).Run(operation);
        var first = new SimdRun(width, 1)
        {
            Input = test.InputValues()[..(int)test.Input.ElementCount],
            InputShape = test.Input,
            OutputShape = test.Output,
            Gate = test.GateValues()?[..test.Input.Channels],
            Residual = test.ResidualValues()?[..(int)test.Output.ElementCount],
        };
        Assert.Equal(batch[..(int)test.Output.ElementCount], first.Run(operation));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Gives_the_same_bits_however_many_threads_share_the_work(ConvolutionTest test, SimdWidth width)
    {
        using var operation = SimdOperations.Pointwise(test, width);
        var alone = SimdRun.Of(test, width).Run(operation);
        foreach (var threads in new[] { 2, 3, 16 })
        {
            var run = SimdRun.Of(test, width) with { Threads = threads };
            Assert.Equal(alone, run.Run(operation));
        }
    }
}
