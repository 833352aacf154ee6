using System.Runtime.Intrinsics;

namespace ILGpuMobileNet.Kernels.Simd;

/// <summary>Vector widths; the value is the number of floats.</summary>
public enum SimdWidth
{
    /// <summary>4 floats.</summary>
    Vector128 = 4,

    /// <summary>8 floats.</summary>
    Vector256 = 8,

    /// <summary>16 floats.</summary>
    Vector512 = 16,
}

/// <summary>What this machine has, and the specialisation of a kernel for it.</summary>
public static class Simd
{
    /// <summary>The widest vectors that this machine computes with in hardware.</summary>
    public static SimdWidth Preferred { get; } =
        Vector512.IsHardwareAccelerated ? SimdWidth.Vector512
        : Vector256.IsHardwareAccelerated ? SimdWidth.Vector256
        : SimdWidth.Vector128;

    /// <summary>Channels in memory: the next multiple of the width, so that kernels need no remainder loops.</summary>
    /// <param name="channels">Channels of the feature map, at least 1.</param>
    /// <param name="width">Vector width.</param>
    public static int PaddedChannels(int channels, SimdWidth width) =>
        checked((channels + (int)width - 1) / (int)width * (int)width);

    internal static TResult Specialise<TResult, TFactory>(SimdWidth width, Activation activation, TFactory factory)
        where TFactory : struct, ISimdFactory<TResult> =>
        width switch
        {
            SimdWidth.Vector512 => Specialise<TResult, TFactory, Vector512<float>, Lanes512>(activation, factory),
            SimdWidth.Vector256 => Specialise<TResult, TFactory, Vector256<float>, Lanes256>(activation, factory),
            SimdWidth.Vector128 => Specialise<TResult, TFactory, Vector128<float>, Lanes128>(activation, factory),
            _ => throw new ArgumentOutOfRangeException(nameof(width), width, "Not a vector width."),
        };

    private static TResult Specialise<TResult, TFactory, TVector, TLanes>(Activation activation, TFactory factory)
        where TFactory : struct, ISimdFactory<TResult>
        where TVector : struct
        where TLanes : struct, ILanes<TVector> =>
        activation.Kind switch
        {
            ActivationKind.Identity => factory.Create<TVector, TLanes, Identity>(default),
            ActivationKind.Relu => factory.Create<TVector, TLanes, Relu>(default),
            ActivationKind.Relu6 => factory.Create<TVector, TLanes, Relu6>(default),
            ActivationKind.HardSwish => factory.Create<TVector, TLanes, HardSwish>(default),
            ActivationKind.HardSigmoid => factory.Create<TVector, TLanes, HardSigmoid>(new(activation.Slope)),
            ActivationKind.Sigmoid => factory.Create<TVector, TLanes, Sigmoid>(default),
            ActivationKind.Silu => factory.Create<TVector, TLanes, Silu>(default),
            _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, "Not an activation."),
        };
}

/// <summary>Makes an operation for a vector width and an activation that are known to the JIT.</summary>
internal interface ISimdFactory<TResult>
{
    TResult Create<TVector, TLanes, TActivation>(TActivation activation)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
        where TActivation : struct, IVectorActivation;
}
