using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Network.Tests.Weights;

/// <summary>The files that eng/weight-file-goldens.py wrote, and what it put into them.</summary>
internal static class WeightGoldens
{
    public static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "Weights", "Goldens", name);

    public static byte[] Content(string name) => File.ReadAllBytes(PathOf(name));

    /// <summary>Reads a tensor and compares it with what the generator put there.</summary>
    public static void AssertFormula(
        Func<string, CancellationToken, Tensor> read,
        string name,
        int[] shape,
        Func<float, float>? round = null
    )
    {
        var tensor = read(name, CancellationToken.None);
        Assert.Equal<IEnumerable<int>>(shape, [.. tensor.Shape]);
        Assert.Equal(Values(name, shape, round), tensor.Data.ToArray());
    }

    /// <summary>Elements of the formula in [-1, 1), as the generator has them.</summary>
    public static float[] Values(string name, int[] shape, Func<float, float>? round = null)
    {
        var values = new float[shape.Aggregate(1, (product, axis) => product * axis)];
        WeightFormula.Fill(name, seed: 1, values, scale: 2, offset: -1);
        return round is null ? values : System.Array.ConvertAll(values, value => round(value));
    }
}
