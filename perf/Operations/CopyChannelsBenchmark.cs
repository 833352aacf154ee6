using ILGpuMobileNet.Benchmarks.Yardsticks;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Kernels.Gpu;
using ILGpuMobileNet.Kernels.Simd;
using ILGpuMobileNet.Reference.Operations;
using GpuCopyChannels = ILGpuMobileNet.Kernels.Gpu.CopyChannels;
using SimdCopyChannels = ILGpuMobileNet.Kernels.Simd.CopyChannels;

namespace ILGpuMobileNet.Benchmarks.Operations;

/// <summary>The moves of channels in ShuffleNetV2.</summary>
public class CopyChannelsBenchmark : MapBenchmark<ChannelCopyTest>
{
    private protected override IEnumerable<ChannelCopyTest> Shapes =>
        [
            new(1, new(28, 28, 116), 58, [ChannelRun.Neighbours(58, 0, 58)]),
            ChannelCopyTest.Shuffle(new(28, 28, 116), 2) with
            {
                Batch = 1,
            },
        ];

    private protected override SimdOperation Create(ChannelCopyTest test, SimdWidth width) =>
        new SimdCopyChannels(width, test.Copy);

    private protected override GpuOperation Create(ChannelCopyTest test, DeviceLimits limits) =>
        new GpuCopyChannels(test.Copy);

    private protected override FeatureMaps MapsOf(ChannelCopyTest test) =>
        new(test.InputValues(), test.Input, test.Output, test.Batch);

    private protected override Yardstick NaiveOf(ChannelCopyTest test) => NaiveOperations.CopyChannels(test);

    private protected override Yardstick TensorsOf(ChannelCopyTest test) => TensorOperations.CopyChannels(test);
}
