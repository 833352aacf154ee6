using ILGpuMobileNet.Benchmarks.Compare;
using ILGpuMobileNet.Reference;

namespace ILGpuMobileNet.Benchmarks.Tests.Compare;

public sealed class LoadingTests
{
    [SkippableFact]
    public void Has_a_time_of_either_engine_for_each_turn()
    {
        Skip.IfNot(OnnxRuntimePeer.IsInstalled, OnnxRuntimePeer.Missing);
        using var loading = new Loading(new("mobilenet_v3_small_x0_35", new(), Batch: 1, Threads: 1));
        var result = loading.Run(turns: 2);
        Assert.Equal((2, 2), (result.Ours.Count, result.Peer.Count));
        Assert.All([.. result.Ours, .. result.Peer, .. result.Ratios], value => Assert.True(value > 0));
    }
}
