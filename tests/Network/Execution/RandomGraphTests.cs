using ILGpuMobileNet.Kernels.Simd;
using ILGpuMobileNet.Network.Execution;
using ILGpuMobileNet.Network.Weights;
using ILGpuMobileNet.Reference.Operations;

namespace ILGpuMobileNet.Network.Tests.Execution;

/// <summary>Random graphs, fused and planned, against the same layers one by one in double precision.</summary>
[Trait("Device", "ilgpu")]
[Collection("device")]
public sealed class RandomGraphTests
{
    private const int PartCount = 4;
    private const double Tolerance = 2e-5;
    private static readonly int s_graphCount = TestDevice.IsSlow ? 8 : 240;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Fused_gives_what_the_layers_one_by_one_give(int part)
    {
        for (var seed = part; seed < s_graphCount; seed += PartCount)
        {
            var (batch, threads) = (1 + seed % 3, 1 + seed / 3 % 3);
            var graph = RandomGraph.Create(seed);
            var model = new Model(graph, WeightFormula.Create(graph, (ulong)seed));
            var input = TestValues.Uniform((ulong)seed, batch * graph.Input.ElementCount);
            var expected = new UnfusedNetwork(model).Run(input, batch);
            var limits = seed % 2 == 0 ? null : new RowChainLimits(1, long.MaxValue, long.MaxValue, 2 + seed % 5);
            foreach (var width in Enum.GetValues<SimdWidth>())
            {
                using var session = new CpuSession(model, new(batch, threads), width, limits);
                AssertClose(
                    expected,
                    GoldenNetworks.Run(session, input, batch),
                    $"seed {seed}, {width}, {threads} threads"
                );
            }
            using var accelerated = new GpuSession(model, TestDevice.Shared.Accelerator, "test", new(batch));
            AssertClose(expected, GoldenNetworks.Run(accelerated, input, batch), $"seed {seed} on the accelerator");
        }
    }

    private static void AssertClose(double[] expected, float[] output, string what)
    {
        var error = Closeness.RelativeError(expected, output);
        Assert.True(error <= Tolerance, $"{what}: {error}.");
    }
}
