using BenchmarkDotNet.Attributes;
using ILGPU.Runtime;
using ILGpuMobileNet.Benchmarks.Yardsticks;
using ILGpuMobileNet.Kernels.Gpu;
using ILGpuMobileNet.Reference.Operations;

namespace ILGpuMobileNet.Benchmarks.Operations;

/// <summary>The best classes; on the accelerator that MOBILENET_TEST_DEVICE names only, the yardsticks on the CPU.</summary>
public class TopKBenchmark
{
    private readonly List<IDisposable> _owned = [];
    private Action _run = () => { };
    private Func<float[]> _output = () => [];
    private Yardstick? _naive;
    private Yardstick? _tensors;

    /// <summary>The case of this measurement.</summary>
    [ParamsSource(nameof(Cases))]
    public TopKTest Case { get; set; } = null!;

    public static IEnumerable<TopKTest> Cases => [new(1, 1000, 5), new(64, 1000, 5)];

    [GlobalSetup]
    public void Prepare()
    {
        var accelerator = TestDevice.Shared.Accelerator;
        var (batch, resultCount) = (Case.Batch, Case.Batch * Case.Count);
        var stream = Own(accelerator.CreateStream());
        var input = Own(accelerator.Allocate1D(Case.InputValues())).View;
        var values = Own(accelerator.Allocate1D<float>(resultCount)).View;
        var indices = Own(accelerator.Allocate1D<int>(resultCount)).View;
        var largest = new TopK(accelerator, Case.Channels, Case.Count);
        _run = () =>
        {
            largest.Launch(stream, input, batch, values, indices);
            stream.Synchronize();
        };
        _output = () => values.GetAsArray1D();
        (_naive, _tensors) = (NaiveOperations.TopK(Case), TensorOperations.TopK(Case));
    }

    /// <summary>A plain loop.</summary>
    [Benchmark(Baseline = true)]
    public void Naive() => _naive!.Execute();

    /// <summary>Calls of System.Numerics.Tensors.</summary>
    [Benchmark]
    public void Tensors() => _tensors!.Execute();

    [Benchmark]
    public void Run() => _run();

    /// <summary>What the three computed: the operation first, then the yardsticks.</summary>
    internal IReadOnlyList<float[]> Outputs() => [_output(), _naive!.Output(), _tensors!.Output()];

    [GlobalCleanup]
    public void Release() => _owned.ForEach(part => part.Dispose());

    private T Own<T>(T part)
        where T : IDisposable
    {
        _owned.Add(part);
        return part;
    }
}
