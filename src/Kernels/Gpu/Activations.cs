using ILGPU.Algorithms;

namespace ILGpuMobileNet.Kernels.Gpu;

/// <summary>
/// An activation as a type, so that no kernel branches on it. The formulas are those of <see cref="ActivationKind"/>;
/// what is not a number stays so.
/// </summary>
internal interface IActivation
{
    /// <summary>The function.</summary>
    /// <param name="x">Its argument.</param>
    /// <param name="slope">Slope of <see cref="HardSigmoid"/>; the others ignore it.</param>
    static abstract float Apply(float x, float slope);
}

internal readonly struct Identity : IActivation
{
    public static float Apply(float x, float slope) => x;
}

internal readonly struct Relu : IActivation
{
    public static float Apply(float x, float slope) => x < 0 ? 0 : x;
}

internal readonly struct Relu6 : IActivation
{
    public static float Apply(float x, float slope) => Range.Clamp(x, 6);
}

internal readonly struct HardSwish : IActivation
{
    public static float Apply(float x, float slope) => x * Range.Clamp(x * (1f / 6) + 0.5f, 1);
}

internal readonly struct HardSigmoid : IActivation
{
    public static float Apply(float x, float slope) => Range.Clamp(x * slope + 0.5f, 1);
}

internal readonly struct Sigmoid : IActivation
{
    public static float Apply(float x, float slope) => 1 / (1 + XMath.Exp(-x));
}

internal readonly struct Silu : IActivation
{
    public static float Apply(float x, float slope) => x / (1 + XMath.Exp(-x));
}

/// <summary>The functions that the activations share.</summary>
internal static class Range
{
    /// <summary><c>min(max(x, 0), high)</c>; NaN stays NaN, which the devices' own minimum and maximum would hide.</summary>
    public static float Clamp(float x, float high)
    {
        var lower = x < 0 ? 0 : x;
        return lower > high ? high : lower;
    }
}

/// <summary>Makes something for an activation that is known to the compiler.</summary>
/// <typeparam name="TResult">What is made.</typeparam>
internal interface IActivationFactory<out TResult>
{
    TResult Create<TActivation>()
        where TActivation : struct, IActivation;
}

/// <summary>From an activation as a value to one as a type.</summary>
internal static class Activations
{
    /// <summary>Calls a factory with the type of an activation.</summary>
    /// <param name="kind">The activation.</param>
    /// <param name="factory">What to make.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is no activation.</exception>
    public static TResult Specialise<TResult>(ActivationKind kind, IActivationFactory<TResult> factory) =>
        kind switch
        {
            ActivationKind.Identity => factory.Create<Identity>(),
            ActivationKind.Relu => factory.Create<Relu>(),
            ActivationKind.Relu6 => factory.Create<Relu6>(),
            ActivationKind.HardSwish => factory.Create<HardSwish>(),
            ActivationKind.HardSigmoid => factory.Create<HardSigmoid>(),
            ActivationKind.Sigmoid => factory.Create<Sigmoid>(),
            ActivationKind.Silu => factory.Create<Silu>(),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not an activation."),
        };
}
