using ILGpuMobileNet.Kernels.Tests.Simd;
using ILGpuMobileNet.Reference.Operations;

namespace ILGpuMobileNet.Kernels.Tests.Gpu;

[Trait("Device", "ilgpu")]
[Collection("device")]
public sealed class SqueezeExciteTests
{
    public static TheoryData<SqueezeExciteTest> Cases { get; } =
    [.. SqueezeExciteTest.All, new SqueezeExciteTest(2, new(37, 31, 6), 3, Activation.Relu, Activation.HardSigmoid())];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Matches_reference(SqueezeExciteTest test)
    {
        var operation = GpuOperations.SqueezeExcite(test);
        Assert.Equal(3, operation.LaunchCount);
        Widths.AssertClose(Expected(test), Run(test, test.Batch).Run(operation));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Matches_reference_on_sums_that_are_there(SqueezeExciteTest test)
    {
        const int Bands = 3;
        var operation = GpuOperations.SqueezeExcite(test, Bands);
        var run = new GpuRun(TestDevice.Shared.Accelerator, test.Batch)
        {
            Input = [0],
            InputShape = test.Input,
            OutputShape = new(1, 1, test.Input.Channels),
            SumsRead = Sums(test, Bands),
        };
        Assert.Equal(2, operation.LaunchCount);
        Widths.AssertClose(Expected(test), run.Run(operation));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Gives_an_image_the_same_bits_in_any_batch(SqueezeExciteTest test)
    {
        var batch = Run(test, test.Batch).Run(GpuOperations.SqueezeExcite(test));
        Assert.Equal(batch[..test.Input.Channels], Run(test, 1).Run(GpuOperations.SqueezeExcite(test)));
    }

    private static GpuRun Run(SqueezeExciteTest test, int batch) =>
        new(TestDevice.Shared.Accelerator, batch)
        {
            Input = test.InputValues()[..(batch * (int)test.Input.ElementCount)],
            InputShape = test.Input,
            OutputShape = new(1, 1, test.Input.Channels),
        };

    private static double[] Expected(SqueezeExciteTest test)
    {
        var means = ReferenceOperations.GlobalAveragePool(test.Input, test.Batch, test.InputValues());
        var hidden = ReferenceOperations.Linear(means, test.ReduceWeights(), test.ReduceBias(), test.Hidden);
        return ReferenceOperations.Linear(hidden, test.ExpandWeights(), test.ExpandBias(), test.Gate);
    }

    // Every third pixel is in the same band.
    private static float[] Sums(SqueezeExciteTest test, int bands)
    {
        var (channels, input) = (test.Input.Channels, test.InputValues());
        var sums = new float[test.Batch * bands * channels];
        for (var i = 0; i < input.Length; i++)
        {
            var (n, band) = (i / (int)test.Input.ElementCount, i / channels % bands);
            sums[(n * bands + band) * channels + i % channels] += input[i];
        }
        return sums;
    }
}
