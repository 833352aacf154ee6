namespace ILGpuMobileNet.Benchmarks.Yardsticks;

/// <summary>
/// What an operation is held against: the same result computed on one thread of the CPU, from and into plain arrays.
/// </summary>
/// <param name="Execute">Computes the output.</param>
/// <param name="Output">The output, as the operation gives it: channels without padding.</param>
internal sealed record Yardstick(Action Execute, Func<float[]> Output)
{
    /// <summary>A computation into one array.</summary>
    /// <param name="length">Length of the output.</param>
    /// <param name="compute">Fills it.</param>
    public static Yardstick Into(long length, Action<float[]> compute)
    {
        var output = new float[length];
        return new(() => compute(output), () => output);
    }
}
