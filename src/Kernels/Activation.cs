namespace ILGpuMobileNet.Kernels;

/// <summary>The functions that follow a layer.</summary>
public enum ActivationKind
{
    /// <summary><c>x</c>.</summary>
    Identity,

    /// <summary><c>max(x, 0)</c>.</summary>
    Relu,

    /// <summary><c>min(max(x, 0), 6)</c>, "RE" of MobileNetV2.</summary>
    Relu6,

    /// <summary><c>x · min(max(x + 3, 0), 6) / 6</c>, "HS" of MobileNetV3 (arXiv:1905.02244, section 5.2).</summary>
    HardSwish,

    /// <summary><c>min(max(slope·x + 1/2, 0), 1)</c>; the slope is 1/6 in MobileNetV3 and 0.2 in Paddle.</summary>
    HardSigmoid,

    /// <summary><c>1 / (1 + exp(-x))</c>.</summary>
    Sigmoid,

    /// <summary><c>x / (1 + exp(-x))</c>.</summary>
    Silu,
}

/// <summary>An activation with its parameter.</summary>
/// <param name="Kind">The function.</param>
/// <param name="Slope">Slope of <see cref="ActivationKind.HardSigmoid"/>; 0 for every other kind.</param>
public readonly record struct Activation(ActivationKind Kind, float Slope = 0)
{
    /// <summary><c>x</c>.</summary>
    public static Activation Identity => default;

    /// <summary><c>max(x, 0)</c>.</summary>
    public static Activation Relu => new(ActivationKind.Relu);

    /// <summary><c>min(max(x, 0), 6)</c>.</summary>
    public static Activation Relu6 => new(ActivationKind.Relu6);

    /// <summary><c>x · min(max(x + 3, 0), 6) / 6</c>.</summary>
    public static Activation HardSwish => new(ActivationKind.HardSwish);

    /// <summary><c>1 / (1 + exp(-x))</c>.</summary>
    public static Activation Sigmoid => new(ActivationKind.Sigmoid);

    /// <summary><c>x / (1 + exp(-x))</c>.</summary>
    public static Activation Silu => new(ActivationKind.Silu);

    /// <summary><c>min(max(slope·x + 1/2, 0), 1)</c>.</summary>
    /// <param name="slope">1/6 in MobileNetV3, 0.2 in Paddle's and ONNX's default.</param>
    public static Activation HardSigmoid(float slope = 1f / 6) => new(ActivationKind.HardSigmoid, slope);

    /// <summary>The kind, and the slope where there is one.</summary>
    public override string ToString() =>
        Kind == ActivationKind.HardSigmoid ? $"{Kind}({Slope:0.###})" : Kind.ToString();

    /// <summary>Bounds of <c>min(max(x, least), most)</c> where it is no more than that, infinite where there is none.</summary>
    internal (float Least, float Most)? Bounds =>
        Kind switch
        {
            ActivationKind.Identity => (float.NegativeInfinity, float.PositiveInfinity),
            ActivationKind.Relu => (0, float.PositiveInfinity),
            ActivationKind.Relu6 => (0, 6),
            _ => null,
        };
}
