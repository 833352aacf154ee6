using BenchmarkDotNet.Attributes;
using ILGpuMobileNet.Kernels.Simd;
using ILGpuMobileNet.Reference.Operations;

namespace ILGpuMobileNet.Benchmarks.Operations;

/// <summary>Times one operation on one thread, with this machine's widest vectors.</summary>
/// <typeparam name="TCase">The case type that the operation's tests have.</typeparam>
public abstract class OperationBenchmark<TCase>
{
    private SimdOperation? _operation;
    private PreparedRun? _run;

    /// <summary>The case of this measurement.</summary>
    [ParamsSource(nameof(Cases))]
    public TCase Case { get; set; } = default!;

    /// <summary>Shapes of the networks, not the awkward ones of the tests.</summary>
    public IEnumerable<TCase> Cases => Shapes;

    private protected abstract IEnumerable<TCase> Shapes { get; }

    [GlobalSetup]
    public void Prepare()
    {
        _operation = Create(Case, Simd.Preferred);
        _run = new(RunOf(Case, Simd.Preferred), _operation);
    }

    [Benchmark]
    public void Run() => _run!.Execute();

    [GlobalCleanup]
    public void Release()
    {
        _run?.Dispose();
        _operation?.Dispose();
    }

    private protected abstract SimdOperation Create(TCase test, SimdWidth width);

    private protected abstract SimdRun RunOf(TCase test, SimdWidth width);
}

/// <summary>Convolutions of the family at 224x224.</summary>
public abstract class ConvolutionBenchmark : OperationBenchmark<ConvolutionTest>
{
    private protected override SimdRun RunOf(ConvolutionTest test, SimdWidth width) => SimdRun.Of(test, width);
}
