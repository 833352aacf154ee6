using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Kernels.Simd;
using ILGpuMobileNet.Reference.Operations;

namespace ILGpuMobileNet.Benchmarks.Operations;

public class SqueezeExciteBenchmark : OperationBenchmark<SqueezeExciteTest>
{
    private protected override IEnumerable<SqueezeExciteTest> Shapes =>
        [
            new(1, new(56, 56, 16), 8, Activation.Relu, Activation.HardSigmoid()),
            new(1, new(28, 28, 120), 32, Activation.Relu, Activation.HardSigmoid()),
            new(1, new(7, 7, 960), 240, Activation.Relu, Activation.HardSigmoid()),
        ];

    private protected override SimdOperation Create(SqueezeExciteTest test, SimdWidth width) =>
        SimdOperations.SqueezeExcite(test, width);

    private protected override SimdRun RunOf(SqueezeExciteTest test, SimdWidth width) =>
        new(width, test.Batch)
        {
            Input = test.InputValues(),
            InputShape = test.Input,
            OutputShape = new(1, 1, test.Input.Channels),
        };
}
