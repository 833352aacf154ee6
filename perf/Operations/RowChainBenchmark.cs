using BenchmarkDotNet.Attributes;
using ILGpuMobileNet.Kernels.Simd;
using ILGpuMobileNet.Reference.Operations;

namespace ILGpuMobileNet.Benchmarks.Operations;

/// <summary>
/// Chains of convolutions on one thread of the CPU: tied together, and the same operations one after the other.
/// </summary>
public class RowChainBenchmark
{
    private RowChain? _chain;
    private PreparedSimdRun? _tied;
    private PreparedApartRun? _apart;

    /// <summary>The case of this measurement.</summary>
    [ParamsSource(nameof(Cases))]
    public ChainTest Case { get; set; } = null!;

    public static IEnumerable<ChainTest> Cases => NetworkCases.Chains(Simd.Preferred);

    [GlobalSetup]
    public void Prepare()
    {
        _chain = SimdOperations.Chain(Case, Simd.Preferred);
        _tied = new(Case.Run(Simd.Preferred), _chain);
        _apart = new(Case, Simd.Preferred);
    }

    /// <summary>Each operation with its whole map.</summary>
    [Benchmark(Baseline = true)]
    public void Apart() => _apart!.Execute();

    /// <summary>A few rows at a time.</summary>
    [Benchmark]
    public void Tied() => _tied!.Execute();

    /// <summary>What the two computed.</summary>
    internal IReadOnlyList<float[]> Outputs() => [_tied!.Output(), _apart!.Output()];

    [GlobalCleanup]
    public void Release()
    {
        _apart?.Dispose();
        _tied?.Dispose();
        _chain?.Dispose();
    }
}
