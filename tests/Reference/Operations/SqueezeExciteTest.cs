using ILGpuMobileNet.Kernels;

namespace ILGpuMobileNet.Reference.Operations;

/// <summary>One squeeze-excite gate to test or to measure.</summary>
/// <param name="Batch">Images.</param>
/// <param name="Input">One input image.</param>
/// <param name="Squeezed">Channels in the middle.</param>
/// <param name="Hidden">Activation in the middle.</param>
/// <param name="Gate">Activation at the end.</param>
public sealed record SqueezeExciteTest(int Batch, FeatureShape Input, int Squeezed, Activation Hidden, Activation Gate)
{
    /// <summary>The cases every implementation is held to.</summary>
    public static IReadOnlyList<SqueezeExciteTest> All { get; } =
    [
        new(1, new(1, 1, 1), 1, Activation.Relu, Activation.HardSigmoid()),
        new(2, new(14, 13, 72), 24, Activation.Relu, Activation.HardSigmoid()),
        new(3, new(5, 9, 35), 9, Activation.Relu, Activation.HardSigmoid(0.2f)),
        new(1, new(7, 7, 960), 240, Activation.Relu6, Activation.HardSwish),
        new(2, new(3, 4, 18), 5, Activation.Silu, Activation.Sigmoid),
    ];

    /// <summary><c>[N, H, W, C]</c>.</summary>
    public float[] InputValues() => TestValues.Uniform(1, Batch * Input.ElementCount);

    /// <summary><c>[S, C]</c>.</summary>
    public float[] ReduceWeights() => TestValues.Uniform(2, (long)Squeezed * Input.Channels);

    /// <summary><c>[S]</c>.</summary>
    public float[] ReduceBias() => TestValues.Uniform(3, Squeezed);

    /// <summary><c>[C, S]</c>.</summary>
    public float[] ExpandWeights() => TestValues.Uniform(4, (long)Squeezed * Input.Channels);

    /// <summary><c>[C]</c>.</summary>
    public float[] ExpandBias() => TestValues.Uniform(5, Input.Channels);
}
