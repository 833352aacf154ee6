using ILGpuMobileNet.Kernels.Gpu;
using ILGpuMobileNet.Reference.Operations;

namespace ILGpuMobileNet.Kernels.Tests.Gpu;

/// <summary>What is held of every GPU operation.</summary>
internal static class GpuAssert
{
    private const double Tolerance = 1e-5;

    public static void Close(IReadOnlyCollection<double> expected, float[] actual) =>
        Assert.InRange(Closeness.RelativeError(expected, actual), 0, Tolerance);

    /// <summary>An image alone has the bits that it has in the batch.</summary>
    public static void EachImageAlone(GpuRun run, Func<GpuOperation> create)
    {
        var batch = run.Run(create());
        var length = batch.Length / run.Batch;
        for (var n = 0; n < run.Batch; n++)
        {
            Assert.Equal(batch[(n * length)..((n + 1) * length)], run.Image(n).Run(create()));
        }
    }
}
