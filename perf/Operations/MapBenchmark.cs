using ILGPU.Runtime;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Kernels.Simd;
using ILGpuMobileNet.Reference.Operations;

namespace ILGpuMobileNet.Benchmarks.Operations;

/// <summary>What an operation reads and writes that has neither gate nor residual.</summary>
/// <param name="Input"><c>[N, H, W, C]</c>.</param>
/// <param name="InputShape">One input image.</param>
/// <param name="OutputShape">One output image.</param>
/// <param name="Batch">Images N.</param>
internal readonly record struct FeatureMaps(
    float[] Input,
    FeatureShape InputShape,
    FeatureShape OutputShape,
    int Batch = 1
);

/// <summary>Operations that read one feature map and write another.</summary>
/// <typeparam name="TCase">The case type that the operation's tests have.</typeparam>
public abstract class MapBenchmark<TCase> : OperationBenchmark<TCase>
{
    private protected virtual bool ReadsPacked => false;

    private protected abstract FeatureMaps MapsOf(TCase test);

    private protected override SimdRun RunOf(TCase test, SimdWidth width)
    {
        var maps = MapsOf(test);
        return new(width, maps.Batch)
        {
            Input = maps.Input,
            InputShape = maps.InputShape,
            OutputShape = maps.OutputShape,
            ReadsPacked = ReadsPacked,
        };
    }

    private protected override GpuRun RunOf(TCase test, Accelerator accelerator)
    {
        var maps = MapsOf(test);
        return new(accelerator, maps.Batch)
        {
            Input = maps.Input,
            InputShape = maps.InputShape,
            OutputShape = maps.OutputShape,
            ReadsPacked = ReadsPacked,
        };
    }
}
