using System.Numerics;
using System.Runtime.CompilerServices;

namespace ILGPU;

/// <summary>Changes of one value that no other thread can come between.</summary>
public static class Atomic
{
    public static int Add(ref int target, int value) => Change<int, Sum>(ref target, value);

    public static long Add(ref long target, long value) => Change<long, Sum>(ref target, value);

    public static uint Add(ref uint target, uint value) => Change<uint, Sum>(ref target, value);

    public static ulong Add(ref ulong target, ulong value) => Change<ulong, Sum>(ref target, value);

    public static float Add(ref float target, float value) => Change<float, Sum>(ref target, value);

    public static double Add(ref double target, double value) => Change<double, Sum>(ref target, value);

    public static int Max(ref int target, int value) => Change<int, Larger>(ref target, value);

    public static long Max(ref long target, long value) => Change<long, Larger>(ref target, value);

    public static uint Max(ref uint target, uint value) => Change<uint, Larger>(ref target, value);

    public static ulong Max(ref ulong target, ulong value) => Change<ulong, Larger>(ref target, value);

    public static float Max(ref float target, float value) => Change<float, Larger>(ref target, value);

    public static double Max(ref double target, double value) => Change<double, Larger>(ref target, value);

    public static int Min(ref int target, int value) => Change<int, Smaller>(ref target, value);

    public static long Min(ref long target, long value) => Change<long, Smaller>(ref target, value);

    public static uint Min(ref uint target, uint value) => Change<uint, Smaller>(ref target, value);

    public static ulong Min(ref ulong target, ulong value) => Change<ulong, Smaller>(ref target, value);

    public static float Min(ref float target, float value) => Change<float, Smaller>(ref target, value);

    public static double Min(ref double target, double value) => Change<double, Smaller>(ref target, value);

    public static int And(ref int target, int value) => ChangeBits<int, Both>(ref target, value);

    public static long And(ref long target, long value) => ChangeBits<long, Both>(ref target, value);

    public static uint And(ref uint target, uint value) => ChangeBits<uint, Both>(ref target, value);

    public static ulong And(ref ulong target, ulong value) => ChangeBits<ulong, Both>(ref target, value);

    public static int Or(ref int target, int value) => ChangeBits<int, Either>(ref target, value);

    public static long Or(ref long target, long value) => ChangeBits<long, Either>(ref target, value);

    public static uint Or(ref uint target, uint value) => ChangeBits<uint, Either>(ref target, value);

    public static ulong Or(ref ulong target, ulong value) => ChangeBits<ulong, Either>(ref target, value);

    public static int Xor(ref int target, int value) => ChangeBits<int, Differ>(ref target, value);

    public static long Xor(ref long target, long value) => ChangeBits<long, Differ>(ref target, value);

    public static uint Xor(ref uint target, uint value) => ChangeBits<uint, Differ>(ref target, value);

    public static ulong Xor(ref ulong target, ulong value) => ChangeBits<ulong, Differ>(ref target, value);

    public static int Exchange(ref int target, int value) => Interlocked.Exchange(ref target, value);

    public static long Exchange(ref long target, long value) => Interlocked.Exchange(ref target, value);

    public static uint Exchange(ref uint target, uint value) => Interlocked.Exchange(ref target, value);

    public static ulong Exchange(ref ulong target, ulong value) => Interlocked.Exchange(ref target, value);

    public static float Exchange(ref float target, float value) => Interlocked.Exchange(ref target, value);

    public static double Exchange(ref double target, double value) => Interlocked.Exchange(ref target, value);

    public static int CompareExchange(ref int target, int compare, int value) =>
        Interlocked.CompareExchange(ref target, value, compare);

    public static long CompareExchange(ref long target, long compare, long value) =>
        Interlocked.CompareExchange(ref target, value, compare);

    public static uint CompareExchange(ref uint target, uint compare, uint value) =>
        Interlocked.CompareExchange(ref target, value, compare);

    public static ulong CompareExchange(ref ulong target, ulong compare, ulong value) =>
        Interlocked.CompareExchange(ref target, value, compare);

    public static float CompareExchange(ref float target, float compare, float value) =>
        Interlocked.CompareExchange(ref target, value, compare);

    public static double CompareExchange(ref double target, double compare, double value) =>
        Interlocked.CompareExchange(ref target, value, compare);

    // The bits are compared, not the numbers: NaN equals no number, itself included.
    private static T Change<T, TOperation>(ref T target, T value)
        where T : unmanaged, INumber<T>
        where TOperation : struct, IOperation
    {
        while (true)
        {
            var old = target;
            if (Replace(ref target, TOperation.Apply(old, value), old))
            {
                return old;
            }
        }
    }

    private static T ChangeBits<T, TOperation>(ref T target, T value)
        where T : unmanaged, IBinaryInteger<T>
        where TOperation : struct, IBitOperation
    {
        while (true)
        {
            var old = target;
            if (Replace(ref target, TOperation.Apply(old, value), old))
            {
                return old;
            }
        }
    }

    private static bool Replace<T>(ref T target, T value, T old)
        where T : unmanaged
    {
        if (Unsafe.SizeOf<T>() == sizeof(int))
        {
            var bits = Unsafe.BitCast<T, int>(old);
            return Interlocked.CompareExchange(ref Unsafe.As<T, int>(ref target), Unsafe.BitCast<T, int>(value), bits)
                == bits;
        }

        var wide = Unsafe.BitCast<T, long>(old);
        return Interlocked.CompareExchange(ref Unsafe.As<T, long>(ref target), Unsafe.BitCast<T, long>(value), wide)
            == wide;
    }

    private interface IOperation
    {
        static abstract T Apply<T>(T first, T second)
            where T : INumber<T>;
    }

    private interface IBitOperation
    {
        static abstract T Apply<T>(T first, T second)
            where T : IBinaryInteger<T>;
    }

    private readonly struct Sum : IOperation
    {
        public static T Apply<T>(T first, T second)
            where T : INumber<T> => first + second;
    }

    private readonly struct Larger : IOperation
    {
        public static T Apply<T>(T first, T second)
            where T : INumber<T> => T.Max(first, second);
    }

    private readonly struct Smaller : IOperation
    {
        public static T Apply<T>(T first, T second)
            where T : INumber<T> => T.Min(first, second);
    }

    private readonly struct Both : IBitOperation
    {
        public static T Apply<T>(T first, T second)
            where T : IBinaryInteger<T> => first & second;
    }

    private readonly struct Either : IBitOperation
    {
        public static T Apply<T>(T first, T second)
            where T : IBinaryInteger<T> => first | second;
    }

    private readonly struct Differ : IBitOperation
    {
        public static T Apply<T>(T first, T second)
            where T : IBinaryInteger<T> => first ^ second;
    }
}
