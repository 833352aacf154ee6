using BenchmarkDotNet.Attributes;
using ILGPU.Runtime;
using ILGpuMobileNet.Kernels.Gpu;
using ILGpuMobileNet.Kernels.Simd;
using ILGpuMobileNet.Reference.Operations;

namespace ILGpuMobileNet.Benchmarks.Operations;

/// <summary>
/// Times one operation: with this machine's widest vectors on one thread, and on an accelerator from the launch until it
/// is done, with weights and input already there.
/// </summary>
/// <typeparam name="TCase">The case type that the operation's tests have.</typeparam>
public abstract class OperationBenchmark<TCase> : DeviceBenchmark
{
    private SimdOperation? _vectorOperation;
    private IPreparedRun? _run;

    /// <summary>The case of this measurement.</summary>
    [ParamsSource(nameof(Cases))]
    public TCase Case { get; set; } = default!;

    /// <summary>Shapes of the networks, not the awkward ones of the tests.</summary>
    public IEnumerable<TCase> Cases => Shapes;

    private protected abstract IEnumerable<TCase> Shapes { get; }

    [GlobalSetup]
    public void Prepare() => _run = Device == Cpu ? OnCpu(Simd.Preferred) : On(TestDevice.Shared.Accelerator);

    [Benchmark]
    public void Run() => _run!.Execute();

    [GlobalCleanup]
    public void Release()
    {
        _run?.Dispose();
        _vectorOperation?.Dispose();
    }

    private protected abstract SimdOperation Create(TCase test, SimdWidth width);

    private protected abstract GpuOperation Create(TCase test, DeviceLimits limits);

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
}
