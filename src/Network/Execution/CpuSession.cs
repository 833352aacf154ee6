using ILGpuMobileNet.Kernels;

namespace ILGpuMobileNet.Network.Execution;

/// <summary>A session on the CPU's vector units.</summary>
public sealed class CpuSession : ISession
{
    /// <summary>Fuses and packs a network.</summary>
    /// <param name="model">The network and its weights.</param>
    /// <param name="options">Batch and threads.</param>
    public CpuSession(Model model, SessionOptions options)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        Input = model.Graph.Input;
        Output = model.Graph.Output;
        MaximalBatch = options.MaximalBatch;
    }

    /// <inheritdoc/>
    public string Device => "cpu";

    /// <inheritdoc/>
    public FeatureShape Input { get; }

    /// <inheritdoc/>
    public FeatureShape Output { get; }

    /// <inheritdoc/>
    public int MaximalBatch { get; }

    /// <inheritdoc/>
    public SessionMemory Memory => default;

    /// <inheritdoc/>
    public void Run(ReadOnlySpan<float> input, Span<float> output, int batch) => throw new NotSupportedException();

    /// <inheritdoc/>
    public void Dispose() { }
}
