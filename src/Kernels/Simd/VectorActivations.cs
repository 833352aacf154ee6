using System.Runtime.CompilerServices;

namespace ILGpuMobileNet.Kernels.Simd;

/// <summary>An activation as a type, so that no kernel branches on it. The formulas are those of <see cref="ActivationKind"/>.</summary>
internal interface IVectorActivation
{
    TVector Apply<TVector, TLanes>(TVector x)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>;
}

internal readonly struct Identity : IVectorActivation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TVector, TLanes>(TVector x)
        where TVector : struct
        where TLanes : struct, ILanes<TVector> => x;
}

internal readonly struct Relu : IVectorActivation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TVector, TLanes>(TVector x)
        where TVector : struct
        where TLanes : struct, ILanes<TVector> => TLanes.AtLeast(x, TLanes.Create(0));
}

internal readonly struct Relu6 : IVectorActivation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TVector, TLanes>(TVector x)
        where TVector : struct
        where TLanes : struct, ILanes<TVector> => TLanes.AtMost(TLanes.AtLeast(x, TLanes.Create(0)), TLanes.Create(6));
}

internal readonly struct HardSwish : IVectorActivation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TVector, TLanes>(TVector x)
        where TVector : struct
        where TLanes : struct, ILanes<TVector> => TLanes.Multiply(x, new HardSigmoid(1f / 6).Apply<TVector, TLanes>(x));
}

internal readonly struct HardSigmoid(float slope) : IVectorActivation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TVector, TLanes>(TVector x)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
    {
        var line = TLanes.MultiplyAdd(x, TLanes.Create(slope), TLanes.Create(0.5f));
        return TLanes.AtMost(TLanes.AtLeast(line, TLanes.Create(0)), TLanes.Create(1));
    }
}

internal readonly struct Sigmoid : IVectorActivation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TVector, TLanes>(TVector x)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
    {
        var exponential = TLanes.Exp(TLanes.Multiply(x, TLanes.Create(-1)));
        return TLanes.Divide(TLanes.Create(1), TLanes.Add(TLanes.Create(1), exponential));
    }
}

internal readonly struct Silu : IVectorActivation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TVector, TLanes>(TVector x)
        where TVector : struct
        where TLanes : struct, ILanes<TVector> => TLanes.Multiply(x, default(Sigmoid).Apply<TVector, TLanes>(x));
}
