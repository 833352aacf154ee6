using ILGpuMobileNet.Kernels.Simd;
using ILGpuMobileNet.Reference.Operations;

namespace ILGpuMobileNet.Kernels.Tests.Simd;

public sealed record SqueezeExciteTest(int Batch, FeatureShape Input, int Squeezed, Activation Hidden, Activation Gate);

public sealed class SqueezeExciteTests
{
    private static readonly SqueezeExciteTest[] s_tests =
    [
        new(1, new(1, 1, 1), 1, Activation.Relu, Activation.HardSigmoid()),
        new(2, new(14, 13, 72), 24, Activation.Relu, Activation.HardSigmoid()),
        new(3, new(5, 9, 35), 9, Activation.Relu, Activation.HardSigmoid(0.2f)),
        new(1, new(7, 7, 960), 240, Activation.Relu6, Activation.HardSwish),
        new(2, new(3, 4, 18), 5, Activation.Silu, Activation.Sigmoid),
    ];

    public static TheoryData<SqueezeExciteTest, SimdWidth> Cases { get; } = Widths.Times(s_tests);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Matches_reference(SqueezeExciteTest test, SimdWidth width)
    {
        var (channels, squeezed) = (test.Input.Channels, test.Squeezed);
        var input = TestValues.Uniform(1, test.Batch * test.Input.ElementCount);
        var (w1, b1) = (TestValues.Uniform(2, squeezed * channels), TestValues.Uniform(3, squeezed));
        var (w2, b2) = (TestValues.Uniform(4, squeezed * channels), TestValues.Uniform(5, channels));
        using var operation = new SqueezeExcite(
            width,
            test.Input,
            new(new(w1, b1), test.Hidden),
            new(new(w2, b2), test.Gate)
        );
        var run = new SimdRun(width, test.Batch)
        {
            Input = input,
            InputShape = test.Input,
            OutputShape = new(1, 1, channels),
        };
        var means = ReferenceOperations.GlobalAveragePool(test.Input, test.Batch, input);
        var hidden = ReferenceOperations.Linear(means, w1, b1, test.Hidden);
        Widths.AssertClose(ReferenceOperations.Linear(hidden, w2, b2, test.Gate), run.Run(operation));
    }
}
