using ILGpuMobileNet.Kernels.Gpu;
using ILGpuMobileNet.Reference.Operations;

namespace ILGpuMobileNet.Kernels.Tests.Gpu;

[Trait("Device", "ilgpu")]
[Collection("device")]
public sealed class ElementwiseTests
{
    private static readonly FeatureShape s_shape = new(5, 3, 19);

    public static TheoryData<ActivationKind> Kinds { get; } = [.. Enum.GetValues<ActivationKind>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Matches_reference_over_the_range_of_an_activation(ActivationKind kind)
    {
        var activation = new Activation(kind, kind == ActivationKind.HardSigmoid ? 0.2f : 0);
        var input = TestValues.Uniform(1, s_shape.ElementCount, 100);
        var expected = input.Select(x => ReferenceOperations.Activate(activation, x)).ToList();
        GpuAssert.Close(expected, Run(1, input).Run(new Elementwise(s_shape, activation)));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Multiplies_by_the_gate_and_adds_the_residual(bool hasGate, bool hasResidual)
    {
        var (input, residual) = (Values(1, 3 * s_shape.ElementCount), Values(2, 3 * s_shape.ElementCount));
        var gate = Values(3, 3 * s_shape.Channels);
        var run = Run(3, input, gate, residual);
        var expected = input.Select(
            (x, i) => Math.Max(0, (double)x * (hasGate ? GateOf(gate, i) : 1)) + (hasResidual ? residual[i] : 0)
        );
        GpuAssert.Close([.. expected], run.Run(Create(hasGate, hasResidual)));
        GpuAssert.EachImageAlone(run, () => Create(hasGate, hasResidual));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(18)]
    public void Padding_the_channels_keeps_every_value(int channels)
    {
        var shape = s_shape with { Channels = channels };
        var input = Values(1, 3 * shape.ElementCount);
        var run = new GpuRun(TestDevice.Shared.Accelerator, 3)
        {
            Input = input,
            InputShape = shape,
            OutputShape = shape,
            ReadsPacked = true,
        };
        Assert.Equal(input, run.Run(new PadChannels(shape)));
    }

    private static Elementwise Create(bool hasGate, bool hasResidual) =>
        new(s_shape, Activation.Relu, new(hasGate, hasResidual));

    private static float GateOf(float[] gate, int element) =>
        gate[element / s_shape.ElementCount * s_shape.Channels + element % s_shape.Channels];

    private static GpuRun Run(int batch, float[] input, float[]? gate = null, float[]? residual = null) =>
        new(TestDevice.Shared.Accelerator, batch)
        {
            Input = input,
            InputShape = s_shape,
            OutputShape = s_shape,
            Gate = gate,
            Residual = residual,
        };

    private static float[] Values(ulong seed, long count) => TestValues.Uniform(seed, count);
}
