using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Kernels.Simd;
using ILGpuMobileNet.Reference.Operations;

namespace ILGpuMobileNet.Benchmarks.Operations;

/// <summary>Operations that one image's shape describes.</summary>
public abstract class ShapeBenchmark : OperationBenchmark<FeatureShape>
{
    private protected virtual FeatureShape OutputOf(FeatureShape input) => input;

    private protected override SimdRun RunOf(FeatureShape test, SimdWidth width) =>
        new(width, 1)
        {
            Input = TestValues.Uniform(1, test.ElementCount),
            InputShape = test,
            OutputShape = OutputOf(test),
        };
}

public class GlobalAveragePoolBenchmark : ShapeBenchmark
{
    private protected override IEnumerable<FeatureShape> Shapes => [new(7, 7, 960), new(7, 7, 1280), new(28, 28, 120)];

    private protected override FeatureShape OutputOf(FeatureShape input) => new(1, 1, input.Channels);

    private protected override SimdOperation Create(FeatureShape test, SimdWidth width) =>
        new GlobalAveragePool(width, test);
}

public class SoftmaxBenchmark : ShapeBenchmark
{
    private protected override IEnumerable<FeatureShape> Shapes => [new(1, 1, 2), new(1, 1, 1000)];

    private protected override SimdOperation Create(FeatureShape test, SimdWidth width) => new Softmax(width, test);
}

public class ElementwiseBenchmark : ShapeBenchmark
{
    private protected override IEnumerable<FeatureShape> Shapes => [new(56, 56, 64), new(14, 14, 480)];

    private protected override SimdOperation Create(FeatureShape test, SimdWidth width) =>
        Elementwise.Create(width, test, Activation.Silu);
}
