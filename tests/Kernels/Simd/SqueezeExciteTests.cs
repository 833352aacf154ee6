using ILGpuMobileNet.Kernels.Simd;
using ILGpuMobileNet.Reference.Operations;

namespace ILGpuMobileNet.Kernels.Tests.Simd;

public sealed class SqueezeExciteTests
{
    public static TheoryData<SqueezeExciteTest, SimdWidth> Cases { get; } = Widths.Times(SqueezeExciteTest.All);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Matches_reference(SqueezeExciteTest test, SimdWidth width)
    {
        var input = test.InputValues();
        using var operation = SimdOperations.SqueezeExcite(test, width);
        var run = new SimdRun(width, test.Batch)
        {
            Input = input,
            InputShape = test.Input,
            OutputShape = new(1, 1, test.Input.Channels),
        };
        var means = ReferenceOperations.GlobalAveragePool(test.Input, test.Batch, input);
        var hidden = ReferenceOperations.Linear(means, test.ReduceWeights(), test.ReduceBias(), test.Hidden);
        var gate = ReferenceOperations.Linear(hidden, test.ExpandWeights(), test.ExpandBias(), test.Gate);
        Widths.AssertClose(gate, run.Run(operation));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Gives_the_same_bits_in_any_batch_and_however_many_threads_share_the_work(
        SqueezeExciteTest test,
        SimdWidth width
    )
    {
        using var operation = SimdOperations.SqueezeExcite(test, width);
        var alone = Run(1, 1);

        Assert.Equal(alone, Run(test.Batch, 1)[..alone.Length]);
        Assert.Equal(alone, Run(test.Batch, 3)[..alone.Length]);

        float[] Run(int batch, int threads) =>
            new SimdRun(width, batch)
            {
                Input = test.InputValues()[..(int)(batch * test.Input.ElementCount)],
                InputShape = test.Input,
                OutputShape = new(1, 1, test.Input.Channels),
                Threads = threads,
            }.Run(operation);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Gives_the_same_bits_from_the_row_sums_that_a_depthwise_convolution_leaves(
        SqueezeExciteTest test,
        SimdWidth width
    )
    {
        var before = new ConvolutionTest(
            test.Batch,
            test.Input,
            test.Input.Channels,
            ConvolutionTests.Symmetric(3, 1),
            test.Input.Channels
        );
        var rows = SimdRun.Of(before, width) with
        {
            Sums = new float[test.Batch * test.Input.Height * test.Input.Channels],
        };
        using var depthwise = SimdOperations.Depthwise(before, width);
        using var convolved = new PreparedSimdRun(rows, depthwise);
        convolved.Execute();
        using var operation = SimdOperations.SqueezeExcite(test, width);
        var run = rows with { Input = convolved.Output(), OutputShape = new(1, 1, test.Input.Channels), Sums = null };
        var expected = run.Run(operation);
        var nothing = new float[run.Input.Length]; // the sums are all that is read
        var summed = run with { Input = nothing, Sums = convolved.Sums() };
        Assert.Equal(expected, summed.Run(operation));
        Assert.Equal(expected, (summed with { Threads = 3 }).Run(operation));
    }
}
