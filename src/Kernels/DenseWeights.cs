namespace ILGpuMobileNet.Kernels;

/// <summary>Weights and bias as they come from a file, before packing.</summary>
/// <param name="Weights"><c>[O, ...]</c>, row-major.</param>
/// <param name="Bias"><c>[O]</c>.</param>
internal readonly record struct DenseWeights(ReadOnlyMemory<float> Weights, ReadOnlyMemory<float> Bias)
{
    /// <summary>Outputs O.</summary>
    public int OutputCount => Bias.Length;

    /// <summary>Weights of one output.</summary>
    public int InputCount => Weights.Length / Bias.Length;
}

/// <summary>A fully connected layer with its activation.</summary>
/// <param name="Weights">Weights <c>[O, I]</c> and bias.</param>
/// <param name="Activation">Applied to its output.</param>
internal readonly record struct DenseLayer(DenseWeights Weights, Activation Activation);
