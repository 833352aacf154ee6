using System.Runtime.Intrinsics;

namespace ILGpuMobileNet.Kernels.Simd;

/// <summary>
/// A vector width as a policy: kernels are written once over <typeparamref name="TVector"/> and specialised by the JIT.
/// </summary>
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
    static abstract TVector MultiplyAdd(TVector a, TVector b, TVector c);
}

/// <summary>16 floats: AVX-512.</summary>
internal readonly unsafe struct Lanes512 : ILanes<Vector512<float>>
{
    public static int Count => Vector512<float>.Count;
    public static bool HasManyRegisters => true;

    public static Vector512<float> Load(float* source) => Vector512.Load(source);

    public static void Store(Vector512<float> vector, float* destination) => vector.Store(destination);

    public static Vector512<float> Create(float value) => Vector512.Create(value);

    public static Vector512<float> Add(Vector512<float> a, Vector512<float> b) => a + b;

    public static Vector512<float> Multiply(Vector512<float> a, Vector512<float> b) => a * b;

    public static Vector512<float> Divide(Vector512<float> a, Vector512<float> b) => a / b;

    public static Vector512<float> Max(Vector512<float> a, Vector512<float> b) => Vector512.Max(a, b);

    // With x86's instruction the second operand wins where one is NaN; with Arm's, NaN does.
    public static Vector512<float> AtLeast(Vector512<float> a, Vector512<float> bound) => Vector512.MaxNative(bound, a);

    public static Vector512<float> AtMost(Vector512<float> a, Vector512<float> bound) => Vector512.MinNative(bound, a);

    public static Vector512<float> Exp(Vector512<float> a) => Vector512.Exp(a);

    public static Vector512<float> MultiplyAdd(Vector512<float> a, Vector512<float> b, Vector512<float> c) =>
        Vector512.MultiplyAddEstimate(a, b, c);
}

/// <summary>8 floats: AVX2.</summary>
internal readonly unsafe struct Lanes256 : ILanes<Vector256<float>>
{
    public static int Count => Vector256<float>.Count;
    public static bool HasManyRegisters => false;

    public static Vector256<float> Load(float* source) => Vector256.Load(source);

    public static void Store(Vector256<float> vector, float* destination) => vector.Store(destination);

    public static Vector256<float> Create(float value) => Vector256.Create(value);

    public static Vector256<float> Add(Vector256<float> a, Vector256<float> b) => a + b;

    public static Vector256<float> Multiply(Vector256<float> a, Vector256<float> b) => a * b;

    public static Vector256<float> Divide(Vector256<float> a, Vector256<float> b) => a / b;

    public static Vector256<float> Max(Vector256<float> a, Vector256<float> b) => Vector256.Max(a, b);

    // With x86's instruction the second operand wins where one is NaN; with Arm's, NaN does.
    public static Vector256<float> AtLeast(Vector256<float> a, Vector256<float> bound) => Vector256.MaxNative(bound, a);

    public static Vector256<float> AtMost(Vector256<float> a, Vector256<float> bound) => Vector256.MinNative(bound, a);

    public static Vector256<float> Exp(Vector256<float> a) => Vector256.Exp(a);

    public static Vector256<float> MultiplyAdd(Vector256<float> a, Vector256<float> b, Vector256<float> c) =>
        Vector256.MultiplyAddEstimate(a, b, c);
}

/// <summary>4 floats: SSE, Arm64's AdvSimd, and what the runtime emulates elsewhere.</summary>
internal readonly unsafe struct Lanes128 : ILanes<Vector128<float>>
{
    public static int Count => Vector128<float>.Count;
    public static bool HasManyRegisters => System.Runtime.Intrinsics.Arm.AdvSimd.Arm64.IsSupported;

    public static Vector128<float> Load(float* source) => Vector128.Load(source);

    public static void Store(Vector128<float> vector, float* destination) => vector.Store(destination);

    public static Vector128<float> Create(float value) => Vector128.Create(value);

    public static Vector128<float> Add(Vector128<float> a, Vector128<float> b) => a + b;

    public static Vector128<float> Multiply(Vector128<float> a, Vector128<float> b) => a * b;

    public static Vector128<float> Divide(Vector128<float> a, Vector128<float> b) => a / b;

    public static Vector128<float> Max(Vector128<float> a, Vector128<float> b) => Vector128.Max(a, b);

    // With x86's instruction the second operand wins where one is NaN; with Arm's, NaN does.
    public static Vector128<float> AtLeast(Vector128<float> a, Vector128<float> bound) => Vector128.MaxNative(bound, a);

    public static Vector128<float> AtMost(Vector128<float> a, Vector128<float> bound) => Vector128.MinNative(bound, a);

    public static Vector128<float> Exp(Vector128<float> a) => Vector128.Exp(a);

    public static Vector128<float> MultiplyAdd(Vector128<float> a, Vector128<float> b, Vector128<float> c) =>
        Vector128.MultiplyAddEstimate(a, b, c);
}
