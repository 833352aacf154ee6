using ILGpuMobileNet.Kernels.Simd;
using ILGpuMobileNet.Reference.Operations;

namespace ILGpuMobileNet.Kernels.Tests.Simd;

public sealed class ElementwiseTests
{
    private static readonly FeatureShape s_shape = new(5, 3, 19);

    public static TheoryData<ActivationKind, SimdWidth> Kinds { get; } = Widths.Times(Enum.GetValues<ActivationKind>());

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Matches_reference_over_the_range_of_an_activation(ActivationKind kind, SimdWidth width)
    {
        var activation = new Activation(kind, kind == ActivationKind.HardSigmoid ? 0.2f : 0);
        var input = TestValues.Uniform(1, s_shape.ElementCount, 100);
        using var operation = Elementwise.Create(width, s_shape, activation);
        var run = new SimdRun(width, 1)
        {
            Input = input,
            InputShape = s_shape,
            OutputShape = s_shape,
        };
        var expected = input.Select(x => ReferenceOperations.Activate(activation, x)).ToList();
        Widths.AssertClose(expected, run.Run(operation));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Hides_no_NaN(ActivationKind kind, SimdWidth width)
    {
        var shape = new FeatureShape(1, 2, 16); // without padded channels
        using var operation = Elementwise.Create(width, shape, new Activation(kind, 0.2f));
        var run = new SimdRun(width, 1)
        {
            Input = [.. Enumerable.Repeat(float.NaN, (int)shape.ElementCount)],
            InputShape = shape,
            OutputShape = shape,
        };
        Assert.All(run.Run(operation), value => Assert.True(float.IsNaN(value)));
    }

    [Theory]
    [InlineData(SimdWidth.Vector128)]
    [InlineData(SimdWidth.Vector256)]
    [InlineData(SimdWidth.Vector512)]
    public void Multiplies_by_the_gate_and_adds_the_residual(SimdWidth width)
    {
        var (input, residual) = (Values(1, 2 * s_shape.ElementCount), Values(2, 2 * s_shape.ElementCount));
        var gate = Values(3, 2 * s_shape.Channels);
        using var operation = Elementwise.Create(width, s_shape, Activation.Relu);
        var run = new SimdRun(width, 2)
        {
            Input = input,
            InputShape = s_shape,
            OutputShape = s_shape,
            Gate = gate,
            Residual = residual,
        };
        var expected = input.Select(
            (x, i) =>
                Math.Max(0, (double)x * gate[i / s_shape.ElementCount * s_shape.Channels + i % s_shape.Channels])
                + residual[i]
        );
        Widths.AssertClose([.. expected], run.Run(operation));
    }

    [Theory]
    [InlineData(SimdWidth.Vector128)]
    [InlineData(SimdWidth.Vector512)]
    public void Softmax_matches_reference_for_large_logits(SimdWidth width)
    {
        var input = TestValues.Uniform(1, 2 * s_shape.ElementCount, 500);
        using var operation = new Softmax(width, s_shape);
        var run = new SimdRun(width, 2)
        {
            Input = input,
            InputShape = s_shape,
            OutputShape = s_shape,
        };
        Widths.AssertClose(ReferenceOperations.Softmax(s_shape.Channels, input), run.Run(operation));
    }

    [Fact]
    public void Padding_the_channels_keeps_every_value()
    {
        var input = Values(1, 2 * s_shape.ElementCount);
        using var operation = new PadChannels(SimdWidth.Vector256, s_shape);
        var run = new SimdRun(SimdWidth.Vector256, 2)
        {
            Input = input,
            InputShape = s_shape,
            OutputShape = s_shape,
            ReadsPacked = true,
        };
        Assert.Equal(input, run.Run(operation));
    }

    private static float[] Values(ulong seed, long count) => TestValues.Uniform(seed, count);
}
