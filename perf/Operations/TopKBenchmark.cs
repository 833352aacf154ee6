using BenchmarkDotNet.Attributes;
using ILGPU.Runtime;
using ILGpuMobileNet.Kernels.Gpu;
using ILGpuMobileNet.Reference.Operations;

namespace ILGpuMobileNet.Benchmarks.Operations;

/// <summary>The best classes; on the accelerator that MOBILENET_TEST_DEVICE names only.</summary>
public class TopKBenchmark
{
    private readonly List<IDisposable> _owned = [];
    private Action _run = () => { };

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
    }

    [Benchmark]
    public void Run() => _run();

    [GlobalCleanup]
    public void Release() => _owned.ForEach(part => part.Dispose());

    private T Own<T>(T part)
        where T : IDisposable
    {
        _owned.Add(part);
        return part;
    }
}
