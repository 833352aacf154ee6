using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Network.Tests.Weights;

/// <summary>The files that eng/weight-file-goldens.py wrote, and what it put into them.</summary>
internal static class WeightGoldens
{
    public static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "Weights", "Goldens", name);

    public static byte[] Content(string name) => File.ReadAllBytes(PathOf(name));

    /// <summary>Elements of the formula in [-1, 1), as the generator has them.</summary>
    public static float[] Values(string name, int[] shape, Func<float, float>? round = null)
    {
        var values = new float[shape.Aggregate(1, (product, axis) => product * axis)];
        WeightFormula.Fill(name, seed: 1, values, scale: 2, offset: -1);
        return round is null ? values : System.Array.ConvertAll(values, value => round(value));
    }
}
