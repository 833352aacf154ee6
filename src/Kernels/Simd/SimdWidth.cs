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

    /// <summary>A part of a kernel for a vector width.</summary>
    /// <param name="width">Vector width.</param>
    /// <param name="factory">Makes the part.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such width.</exception>
    internal static object Specialise<TFactory>(SimdWidth width, TFactory factory)
        where TFactory : struct, IWidthFactory =>
        width switch
        {
            SimdWidth.Vector512 => factory.Create<Floats16, Lanes512>(),
            SimdWidth.Vector256 => factory.Create<Floats8, Lanes256>(),
            SimdWidth.Vector128 => factory.Create<Floats4, Lanes128>(),
            _ => throw new ArgumentOutOfRangeException(nameof(width), width, "Not a vector width."),
        };

    /// <summary>A kernel for a vector width and an activation.</summary>
    /// <param name="width">Vector width.</param>
    /// <param name="activation">The kernel's activation.</param>
    /// <param name="factory">Makes the kernel.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such width or activation.</exception>
    internal static object Specialise<TFactory>(SimdWidth width, Activation activation, TFactory factory)
        where TFactory : struct, ISimdFactory => Specialise<Activated<TFactory>>(width, new(activation, factory));

    private readonly struct Activated<TFactory>(Activation activation, TFactory factory) : IWidthFactory
        where TFactory : struct, ISimdFactory
    {
        public object Create<TVector, TLanes>()
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
}

/// <summary>Makes a part of a kernel for a vector width that is known to the compiler.</summary>
/// <remarks>
/// The part's class is no type parameter: code that is shared by all classes names the kernel only when it runs, too late
/// for it to be compiled ahead of time.
/// </remarks>
internal interface IWidthFactory
{
    object Create<TVector, TLanes>()
        where TVector : struct
        where TLanes : struct, ILanes<TVector>;
}

/// <summary>Makes an operation for a vector width and an activation that are known to the compiler.</summary>
/// <inheritdoc cref="IWidthFactory" path="/remarks"/>
internal interface ISimdFactory
{
    object Create<TVector, TLanes, TActivation>(TActivation activation)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
        where TActivation : struct, IVectorActivation;
}
