using System.Collections.Immutable;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Execution;

namespace ILGpuMobileNet.Host.Tests.Serving;

/// <summary>A real session, of which tests change something.</summary>
internal abstract class WrappedSession(ISession inner) : ISession
{
    public virtual string Device => inner.Device;

    public FeatureShape Input => inner.Input;

    public FeatureShape Output => inner.Output;

    public ImmutableArray<FeatureShape> Outputs => inner.Outputs;

    public int MaximalBatch => inner.MaximalBatch;

    public SessionMemory Memory => inner.Memory;

    public void Run(ReadOnlySpan<float> input, Span<float> output, int batch) => inner.Run(input, output, batch);

    public virtual void Run(ReadOnlySpan<float> input, ReadOnlySpan<Memory<float>> outputs, int batch) =>
        inner.Run(input, outputs, batch);

    public void Dispose() => inner.Dispose();
}
