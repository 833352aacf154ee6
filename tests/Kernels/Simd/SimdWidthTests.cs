using ILGpuMobileNet.Kernels.Simd;

namespace ILGpuMobileNet.Kernels.Tests.Simd;

public sealed class SimdWidthTests
{
    private const SimdWidth Unknown = (SimdWidth)5;

    [Fact]
    public void A_width_that_no_vector_has_is_refused_by_every_kernel()
    {
        var shape = new FeatureShape(2, 2, 5);
        var pool = ConvolutionCase.Of(shape, 5, 5, Window.Pointwise);
        var weights = new DenseWeights(new float[25], new float[5]);

        Assert.Throws<ArgumentOutOfRangeException>(() => ChannelMeans.Of(Unknown, shape));
        Assert.Throws<ArgumentOutOfRangeException>(() => Pool.Create(Unknown, pool, PoolKind.Max));
        Assert.Throws<ArgumentOutOfRangeException>(() => Gemm.Create(Unknown, weights, Activation.Relu));
        Assert.Throws<ArgumentOutOfRangeException>(() => Elementwise.Create(Unknown, shape, Activation.Relu));
        Assert.Throws<ArgumentOutOfRangeException>(() => DepthwiseConv.Create(Unknown, pool, weights, Activation.Relu));
        Assert.Throws<ArgumentOutOfRangeException>(() => FmaProbe.Create(Unknown));
        Assert.Throws<ArgumentOutOfRangeException>(() => ReadProbe.Create(Unknown, 128, 1));
    }
}
