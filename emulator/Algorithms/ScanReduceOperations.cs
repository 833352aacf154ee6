namespace ILGPU.Algorithms.ScanReduceOperations;

/// <summary>The sum of <c>int</c> values.</summary>
public readonly struct AddInt32 : IScanReduceOperation<int>
{
    public int Identity => 0;

    public int Apply(int first, int second) => first + second;
}

/// <summary>The largest of <c>int</c> values.</summary>
public readonly struct MaxInt32 : IScanReduceOperation<int>
{
    public int Identity => int.MinValue;

    public int Apply(int first, int second) => Math.Max(first, second);
}

/// <summary>The smallest of <c>int</c> values.</summary>
public readonly struct MinInt32 : IScanReduceOperation<int>
{
    public int Identity => int.MaxValue;

    public int Apply(int first, int second) => Math.Min(first, second);
}

/// <summary>The sum of <c>long</c> values.</summary>
public readonly struct AddInt64 : IScanReduceOperation<long>
{
    public long Identity => 0;

    public long Apply(long first, long second) => first + second;
}

/// <summary>The largest of <c>long</c> values.</summary>
public readonly struct MaxInt64 : IScanReduceOperation<long>
{
    public long Identity => long.MinValue;

    public long Apply(long first, long second) => Math.Max(first, second);
}

/// <summary>The smallest of <c>long</c> values.</summary>
public readonly struct MinInt64 : IScanReduceOperation<long>
{
    public long Identity => long.MaxValue;

    public long Apply(long first, long second) => Math.Min(first, second);
}

/// <summary>The sum of <c>float</c> values.</summary>
public readonly struct AddFloat : IScanReduceOperation<float>
{
    public float Identity => 0;

    public float Apply(float first, float second) => first + second;
}

/// <summary>The largest of <c>float</c> values.</summary>
public readonly struct MaxFloat : IScanReduceOperation<float>
{
    public float Identity => float.NegativeInfinity;

    public float Apply(float first, float second) => Math.Max(first, second);
}

/// <summary>The smallest of <c>float</c> values.</summary>
public readonly struct MinFloat : IScanReduceOperation<float>
{
    public float Identity => float.PositiveInfinity;

    public float Apply(float first, float second) => Math.Min(first, second);
}

/// <summary>The sum of <c>double</c> values.</summary>
public readonly struct AddDouble : IScanReduceOperation<double>
{
    public double Identity => 0;

    public double Apply(double first, double second) => first + second;
}

/// <summary>The largest of <c>double</c> values.</summary>
public readonly struct MaxDouble : IScanReduceOperation<double>
{
    public double Identity => double.NegativeInfinity;

    public double Apply(double first, double second) => Math.Max(first, second);
}

/// <summary>The smallest of <c>double</c> values.</summary>
public readonly struct MinDouble : IScanReduceOperation<double>
{
    public double Identity => double.PositiveInfinity;

    public double Apply(double first, double second) => Math.Min(first, second);
}
