using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Architectures;

namespace ILGpuMobileNet.Host.Tests.Contracts;

public sealed class NumericsOptionsTests
{
    private static readonly Family Keras = ContractCatalog.Get("keras/MobileNetV3Small.imagenet").Form.Family;

    public static TheoryData<NumericsOptions, string> Violations { get; } =
        new()
        {
            {
                new() { BatchNormEpsilon = 1e-5 },
                "epsilon 1E-05 was asked for, it has 0.001"
            },
            {
                new() { Padding = PaddingRule.Symmetric },
                "padding symmetric was asked for, it has same"
            },
            {
                new() { Gate = Activation.HardSigmoid(0.2f) },
                "gate hard-sigmoid:0.2 was asked for, it has hard-sigmoid"
            },
            {
                new() { Relu = Activation.Relu6 },
                "activation relu6 was asked for, it has relu"
            },
        };

    [Theory]
    [MemberData(nameof(Violations))]
    public void A_contradiction_names_both_sides_and_whoever_says_so(NumericsOptions numerics, string message)
    {
        var fault = Assert.Throws<ArgumentException>(() => numerics.ApplyTo(Keras, "the form of keras"));

        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
        Assert.Contains("contradicts the form of keras", fault.Message, StringComparison.Ordinal);
        Assert.Contains("--force-numerics", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Violations))]
    public void What_is_forced_holds(NumericsOptions numerics, string message)
    {
        Assert.NotEmpty(message);
        var forced = (numerics with { Force = true }).ApplyTo(Keras, "the form of keras");

        Assert.Equal(numerics.BatchNormEpsilon ?? Keras.BatchNormEpsilon, forced.BatchNormEpsilon);
        Assert.Equal(numerics.Padding ?? Keras.Padding, forced.Padding);
        Assert.Equal(numerics.Gate ?? Keras.Gate, forced.Gate);
        Assert.Equal(numerics.Relu ?? Keras.Relu, forced.Relu);
        Assert.NotEqual(Keras, forced);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1e-3)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void An_epsilon_is_positive_even_where_it_is_forced(double epsilon)
    {
        var numerics = new NumericsOptions { BatchNormEpsilon = epsilon, Force = true };

        var fault = Assert.Throws<ArgumentException>(() => numerics.ApplyTo(Keras, "keras"));

        Assert.Contains("expected a positive number", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RE_is_ReLU_or_ReLU6_even_where_it_is_forced()
    {
        var numerics = new NumericsOptions { Relu = Activation.HardSwish, Force = true };

        var fault = Assert.Throws<ArgumentException>(() => numerics.ApplyTo(Keras, "the form of keras"));

        Assert.Contains("'hard-swish' is neither relu nor relu6", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_agrees_changes_nothing()
    {
        var numerics = new NumericsOptions
        {
            BatchNormEpsilon = 1e-3,
            Padding = PaddingRule.Same,
            Gate = Activation.HardSigmoid(),
            Relu = Activation.Relu,
        };

        Assert.Equal(Keras, numerics.ApplyTo(Keras, "the form of keras"));
    }
}
