using BenchmarkDotNet.Attributes;
using ILGPU.Runtime;
using ILGpuMobileNet.Benchmarks.Yardsticks;
using ILGpuMobileNet.Kernels.Gpu;
using ILGpuMobileNet.Kernels.Simd;
using ILGpuMobileNet.Reference.Operations;

namespace ILGpuMobileNet.Benchmarks.Operations;

/// <summary>
/// Times one operation: with this machine's widest vectors on one thread, and on an accelerator from the launch until it
/// is done, with weights and input already there. The yardsticks are on one thread of the CPU always.
/// </summary>
/// <typeparam name="TCase">The case type that the operation's tests have.</typeparam>
public abstract class OperationBenchmark<TCase> : DeviceBenchmark
{
    private SimdOperation? _vectorOperation;
    private IPreparedRun? _run;
    private Yardstick? _naive;
    private Yardstick? _tensors;

    /// <summary>The case of this measurement.</summary>
    [ParamsSource(nameof(Cases))]
    public TCase Case { get; set; } = default!;

    /// <summary>Shapes of the networks, not the awkward ones of the tests.</summary>
    public IEnumerable<TCase> Cases => Shapes;

    private protected abstract IEnumerable<TCase> Shapes { get; }

    [GlobalSetup]
    public void Prepare()
    {
        _run = Device == Cpu ? OnCpu(Simd.Preferred) : On(TestDevice.Shared.Accelerator);
        (_naive, _tensors) = (NaiveOf(Case), TensorsOf(Case));
    }

    /// <summary>A plain loop.</summary>
    [Benchmark(Baseline = true)]
    public void Naive() => _naive!.Execute();

    /// <summary>Calls of System.Numerics.Tensors.</summary>
    [Benchmark]
    public void Tensors() => _tensors!.Execute();

    [Benchmark]
    public void Run() => _run!.Execute();

    /// <summary>What the three computed: the operation first, then the yardsticks.</summary>
    internal IReadOnlyList<float[]> Outputs() => [_run!.Output(), _naive!.Output(), _tensors!.Output()];

    [GlobalCleanup]
    public void Release()
    {
        _run?.Dispose();
        _vectorOperation?.Dispose();
    }

    private protected abstract SimdOperation Create(TCase test, SimdWidth width);

    private protected abstract GpuOperation Create(TCase test, DeviceLimits limits);

    private protected abstract Yardstick NaiveOf(TCase test);

    private protected abstract Yardstick TensorsOf(TCase test);

    private protected abstract SimdRun RunOf(TCase test, SimdWidth width);

    private protected abstract GpuRun RunOf(TCase test, Accelerator accelerator);

    private PreparedSimdRun OnCpu(SimdWidth width)
    {
        _vectorOperation = Create(Case, width);
        return new(RunOf(Case, width), _vectorOperation);
    }

    private PreparedGpuRun On(Accelerator accelerator) =>
        new(RunOf(Case, accelerator), Create(Case, DeviceLimits.Of(accelerator.Device)));
}

/// <summary>Convolutions of the family at 224x224.</summary>
public abstract class ConvolutionBenchmark : OperationBenchmark<ConvolutionTest>
{
    private protected virtual bool ReadsPacked => false;

    private protected override SimdRun RunOf(ConvolutionTest test, SimdWidth width) =>
        SimdRun.Of(test, width, ReadsPacked);

    private protected override GpuRun RunOf(ConvolutionTest test, Accelerator accelerator) =>
        GpuRun.Of(accelerator, test, ReadsPacked);

    private protected override Yardstick NaiveOf(ConvolutionTest test) => NaiveOperations.Convolution(test);
}
