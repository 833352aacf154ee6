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
}
