using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ILGpuMobileNet.Kernels.Simd;

/// <summary>
/// A vector width as a policy: kernels are written once over <typeparamref name="TVector"/> and specialised by the compiler.
/// </summary>
/// <remarks>
/// Instructions are named where there is a choice: what "estimate" and "native" mean is left to the JIT, which a compiler
/// ahead of time must not anticipate.
/// </remarks>
/// <typeparam name="TVector">A vector of floats.</typeparam>
internal unsafe interface ILanes<TVector>
    where TVector : struct
{
    /// <summary>Floats in a vector.</summary>
    static abstract int Count { get; }

    /// <summary>Whether there are registers for 24 accumulators beside the operands.</summary>
    static abstract bool HasManyRegisters { get; }

    static abstract TVector Load(float* source);
    static abstract void Store(TVector vector, float* destination);

    /// <summary>Stores a vector whose elements are not below one bound and not above another, which are no NaNs; a NaN stays.</summary>
    static abstract void StoreBetween(TVector vector, in TVector least, in TVector most, float* destination);
    static abstract TVector Create(float value);
    static abstract TVector Add(TVector a, TVector b);
    static abstract TVector Multiply(TVector a, TVector b);
    static abstract TVector Divide(TVector a, TVector b);
    static abstract TVector Max(TVector a, TVector b);

    /// <summary><paramref name="a"/>, but not below a bound, which is no NaN; a NaN stays. One instruction, unlike Max.</summary>
    static abstract TVector AtLeast(TVector a, TVector bound);

    /// <summary><paramref name="a"/>, but not above a bound, which is no NaN; a NaN stays.</summary>
    static abstract TVector AtMost(TVector a, TVector bound);

    static abstract TVector Exp(TVector a);

    /// <summary><c>a·b + c</c>, in one rounding where the machine can.</summary>
    static abstract TVector MultiplyAdd(in TVector a, in TVector b, in TVector c);
}

/// <summary>16 floats: AVX-512.</summary>
internal readonly unsafe struct Lanes512 : ILanes<Floats16>
{
    public static int Count => Vector512<float>.Count;
    public static bool HasManyRegisters => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats16 Load(float* source) => new(Vector512.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Floats16 vector, float* destination) => vector.Value.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreBetween(Floats16 vector, in Floats16 least, in Floats16 most, float* destination) =>
        (
            Avx512F.IsSupported
                ? Avx512F.Min(most.Value, Avx512F.Max(least.Value, vector.Value))
                : Vector512.MinNative(most.Value, Vector512.MaxNative(least.Value, vector.Value))
        ).Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats16 Create(float value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats16 Add(Floats16 a, Floats16 b) => new(a.Value + b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats16 Multiply(Floats16 a, Floats16 b) => new(a.Value * b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats16 Divide(Floats16 a, Floats16 b) => new(a.Value / b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats16 Max(Floats16 a, Floats16 b) => new(Vector512.Max(a.Value, b.Value));

    // With x86's instruction the second operand wins where one is NaN; with Arm's, NaN does.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats16 AtLeast(Floats16 a, Floats16 bound) =>
        new(Avx512F.IsSupported ? Avx512F.Max(bound.Value, a.Value) : Vector512.MaxNative(bound.Value, a.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats16 AtMost(Floats16 a, Floats16 bound) =>
        new(Avx512F.IsSupported ? Avx512F.Min(bound.Value, a.Value) : Vector512.MinNative(bound.Value, a.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats16 Exp(Floats16 a) => new(Vector512.Exp(a.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats16 MultiplyAdd(in Floats16 a, in Floats16 b, in Floats16 c) =>
        new(
            Avx512F.IsSupported
                ? Avx512F.FusedMultiplyAdd(a.Value, b.Value, c.Value)
                : Vector512.MultiplyAddEstimate(a.Value, b.Value, c.Value)
        );
}

/// <summary>8 floats: AVX2.</summary>
internal readonly unsafe struct Lanes256 : ILanes<Floats8>
{
    public static int Count => Vector256<float>.Count;
    public static bool HasManyRegisters => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats8 Load(float* source) => new(Vector256.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Floats8 vector, float* destination) => vector.Value.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreBetween(Floats8 vector, in Floats8 least, in Floats8 most, float* destination) =>
        (
            Avx.IsSupported
                ? Avx.Min(most.Value, Avx.Max(least.Value, vector.Value))
                : Vector256.MinNative(most.Value, Vector256.MaxNative(least.Value, vector.Value))
        ).Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats8 Create(float value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats8 Add(Floats8 a, Floats8 b) => new(a.Value + b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats8 Multiply(Floats8 a, Floats8 b) => new(a.Value * b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats8 Divide(Floats8 a, Floats8 b) => new(a.Value / b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats8 Max(Floats8 a, Floats8 b) => new(Vector256.Max(a.Value, b.Value));

    // With x86's instruction the second operand wins where one is NaN; with Arm's, NaN does.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats8 AtLeast(Floats8 a, Floats8 bound) =>
        new(Avx.IsSupported ? Avx.Max(bound.Value, a.Value) : Vector256.MaxNative(bound.Value, a.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats8 AtMost(Floats8 a, Floats8 bound) =>
        new(Avx.IsSupported ? Avx.Min(bound.Value, a.Value) : Vector256.MinNative(bound.Value, a.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats8 Exp(Floats8 a) => new(Vector256.Exp(a.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats8 MultiplyAdd(in Floats8 a, in Floats8 b, in Floats8 c) =>
        new(
            Fma.IsSupported
                ? Fma.MultiplyAdd(a.Value, b.Value, c.Value)
                : Vector256.MultiplyAddEstimate(a.Value, b.Value, c.Value)
        );
}

/// <summary>4 floats: SSE, Arm64's AdvSimd, and what the runtime emulates elsewhere.</summary>
internal readonly unsafe struct Lanes128 : ILanes<Floats4>
{
    public static int Count => Vector128<float>.Count;
    public static bool HasManyRegisters => System.Runtime.Intrinsics.Arm.AdvSimd.Arm64.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats4 Load(float* source) => new(Vector128.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Floats4 vector, float* destination) => vector.Value.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreBetween(Floats4 vector, in Floats4 least, in Floats4 most, float* destination) =>
        (
            Sse.IsSupported
                ? Sse.Min(most.Value, Sse.Max(least.Value, vector.Value))
                : Vector128.MinNative(most.Value, Vector128.MaxNative(least.Value, vector.Value))
        ).Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats4 Create(float value) => new(Vector128.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats4 Add(Floats4 a, Floats4 b) => new(a.Value + b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats4 Multiply(Floats4 a, Floats4 b) => new(a.Value * b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats4 Divide(Floats4 a, Floats4 b) => new(a.Value / b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats4 Max(Floats4 a, Floats4 b) => new(Vector128.Max(a.Value, b.Value));

    // With x86's instruction the second operand wins where one is NaN; with Arm's, NaN does.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats4 AtLeast(Floats4 a, Floats4 bound) =>
        new(Sse.IsSupported ? Sse.Max(bound.Value, a.Value) : Vector128.MaxNative(bound.Value, a.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats4 AtMost(Floats4 a, Floats4 bound) =>
        new(Sse.IsSupported ? Sse.Min(bound.Value, a.Value) : Vector128.MinNative(bound.Value, a.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats4 Exp(Floats4 a) => new(Vector128.Exp(a.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats4 MultiplyAdd(in Floats4 a, in Floats4 b, in Floats4 c) =>
        new(
            Fma.IsSupported
                ? Fma.MultiplyAdd(a.Value, b.Value, c.Value)
                : Vector128.MultiplyAddEstimate(a.Value, b.Value, c.Value)
        );
}
