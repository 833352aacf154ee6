namespace ILGpuMobileNet.Reference.Operations;

/// <summary>One search for the largest values to test or to measure.</summary>
/// <param name="Batch">Rows.</param>
/// <param name="Channels">Values in a row.</param>
/// <param name="Count">Values wanted of every row.</param>
public sealed record TopKTest(int Batch, int Channels, int Count)
{
    /// <summary>The cases every implementation is held to.</summary>
    public static IReadOnlyList<TopKTest> All { get; } =
    [new(1, 1, 1), new(3, 5, 5), new(2, 7, 2), new(2, 1000, 5), new(1, 1001, 1001)];

    /// <summary><c>[N, C]</c>.</summary>
    public float[] InputValues() => TestValues.Uniform(1, Batch * Channels, 50);
}
