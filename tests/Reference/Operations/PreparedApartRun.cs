using ILGpuMobileNet.Kernels.Simd;

namespace ILGpuMobileNet.Reference.Operations;

/// <summary>The operations of a chain bound to memory, one after the other, each with its whole map.</summary>
internal sealed class PreparedApartRun : IPreparedRun
{
    private readonly List<IDisposable> _owned = [];
    private readonly List<PreparedSimdRun> _runs = [];

    public PreparedApartRun(ChainTest chain, SimdWidth width)
    {
        foreach (var test in chain.Tests)
        {
            var readsPacked = chain.ReadsPacked && _runs is [];
            var operation = SimdOperations.Any(test, width, readsPacked);
            var run = new PreparedSimdRun(SimdRun.Of(test, width, readsPacked), operation, _runs.LastOrDefault());
            _owned.AddRange(run, operation);
            _runs.Add(run);
        }
    }

    /// <inheritdoc/>
    public void Execute() => _runs.ForEach(run => run.Execute());

    /// <inheritdoc/>
    public float[] Output() => _runs[^1].Output();

    public void Dispose() => _owned.ForEach(part => part.Dispose());
}
