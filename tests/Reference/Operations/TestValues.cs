using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Reference.Operations;

/// <summary>Seeded values for tests and benchmarks.</summary>
public static class TestValues
{
    /// <summary>Uniform values in [-bound, bound).</summary>
    /// <param name="seed">Another seed gives other values.</param>
    /// <param name="count">How many.</param>
    /// <param name="bound">Largest magnitude.</param>
    public static float[] Uniform(ulong seed, long count, double bound = 1)
    {
        var values = new float[count];
        WeightFormula.Fill("test", seed, values, 2 * bound, -bound);
        return values;
    }
}
