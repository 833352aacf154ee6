namespace ILGPU;

/// <summary>Switches the algorithms on, which are always there here.</summary>
public static class AlgorithmContext
{
    public static Context.Builder EnableAlgorithms(this Context.Builder builder) => builder;
}
