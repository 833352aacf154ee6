using ILGpuMobileNet.Kernels;

namespace ILGpuMobileNet.Network.Execution;

/// <summary>What a step is, and what it must do at least whatever computes it.</summary>
/// <param name="Name">Name of the layer it starts with.</param>
/// <param name="Operation">The operation that computes it, and what is fused into it.</param>
/// <param name="Input">Shape of what it reads, for one image.</param>
/// <param name="Output">Shape of what it writes, for one image.</param>
internal sealed record StepCost(string Name, string Operation, FeatureShape Input, FeatureShape Output)
{
    /// <summary>Multiply-adds of one image.</summary>
    public required long Macs { get; init; }

    /// <summary>Numbers of one image that are read and written, each once: input, output, residual, gate.</summary>
    public required long FeatureCount { get; init; }

    /// <summary>Weights and biases.</summary>
    public required long WeightCount { get; init; }

    /// <summary>The cost of a step.</summary>
    /// <param name="step">What it computes.</param>
    /// <param name="operation">The object that computes it.</param>
    /// <param name="hasSums">Whether a depthwise convolution leaves the sums that squeeze-excite reads instead of its input.</param>
    public static StepCost Of(PlanStep step, object operation, bool hasSums = false)
    {
        var (read, written) = step.Touched;
        var input = hasSums && step is SqueezeExciteStep ? 0 : read;
        var residual = step.Residual is null ? 0 : step.ResidualShape.ElementCount;
        var gate = step.Gate is null ? 0 : step.Input.Shape.Channels;
        return new(step.Name, Describe(step, operation, hasSums), step.Input.Shape, step.Output.Shape)
        {
            Macs = step.Macs,
            FeatureCount = input + written + residual + gate,
            WeightCount = step.WeightCount,
        };
    }

    /// <summary>Bytes that must be moved at least for images that are worked off together.</summary>
    /// <param name="images">Images.</param>
    public long Bytes(int images) => (FeatureCount * images + WeightCount) * sizeof(float);

    /// <summary>Whether it is done sooner than it takes to share it between threads, a guess of some 10 us.</summary>
    /// <param name="images">Images.</param>
    public bool IsShort(int images)
    {
        const long macs = 250_000;
        const long numbers = 50_000;
        return Macs * images < macs && FeatureCount * images + WeightCount < numbers;
    }

    private static string Describe(PlanStep step, object operation, bool hasSums)
    {
        var extras = new[]
        {
            step.Gate is null ? null : "gate",
            step.Residual is null ? null : "residual",
            hasSums && step is not SqueezeExciteStep ? "sums" : null,
        };
        var name = operation.GetType().Name.Split('`')[0]; // without the number of type parameters
        return string.Join(" + ", extras.OfType<string>().Prepend(name));
    }
}
