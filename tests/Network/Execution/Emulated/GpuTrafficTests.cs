using System.Collections.Concurrent;
using ILGPU.Emulation;
using ILGpuMobileNet.Kernels.Gpu;
using ILGpuMobileNet.Network.Architectures;
using ILGpuMobileNet.Network.Execution;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Network.Tests.Execution.Emulated;

/// <summary>
/// What the kernels of whole networks do to memory, at 224x224 and every layer's own shape. The counts are the same on
/// every machine.
/// </summary>
[Collection("device")]
public sealed class GpuTrafficTests
{
    private const double MinimalEfficiency = 0.9; // used bytes of the moved sectors
    private const double MaximalExcess = 1.3; // bytes moved over the plan's

    public static TheoryData<string> Networks { get; } = ["mobilenet_v3_large", "mobilenet_v1"];

    public static TheoryData<string, string> Tiles
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var tile in PointwiseRule.Tiles)
            {
                data.Add("mobilenet_v3_large", tile.ToString());
                data.Add("mobilenet_v1", tile.ToString());
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Moves_little_more_than_every_activation_and_weight_once(string network)
    {
        var run = CountedRun.Of(network);
        var moved = run.Launches.Sum(BytesOf);
        var ratio = (double)moved / run.Plan.Bytes;
        Assert.True(ratio <= MaximalExcess, $"{moved} bytes are {ratio:0.000} times the plan's {run.Plan.Bytes}.");
        Assert.True(ratio >= 1, $"{moved} bytes are fewer than the plan's {run.Plan.Bytes}.");
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Launches_what_the_plan_says(string network)
    {
        var run = CountedRun.Of(network);
        Assert.Equal(run.Plan.Launches, run.Launches.Count);
        Assert.Equal(run.Plan.Launches, run.Plan.Steps.Sum(step => step.Launches));
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Depthwise_convolutions_are_coalesced(string network)
    {
        var run = CountedRun.Of(network);
        Assert.All(run.LaunchesOf("DepthwiseConv"), AssertCoalesced);
    }

    [Theory]
    [MemberData(nameof(Tiles))]
    public void Pointwise_convolutions_are_coalesced_with_every_tile(string network, string tile)
    {
        var run = CountedRun.Of(network, Enum.Parse<PointwiseTile>(tile));
        Assert.All(run.LaunchesOf("PointwiseConv"), AssertCoalesced);
        Assert.All(run.LaunchesOf("PointwiseConv"), launch => Assert.True(launch.SharedRequestCount > 0));
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void No_kernel_has_bank_conflicts_or_is_left_to_the_slow_way(string network)
    {
        var run = CountedRun.Of(network);
        Assert.All(run.Launches, launch => Assert.Equal(0, launch.BankConflictCycles));
        Assert.Empty(run.SlowKernels);
    }

    private static void AssertCoalesced(LaunchCounters launch)
    {
        Assert.True(launch.GlobalReads.Efficiency >= MinimalEfficiency, $"reads {launch.GlobalReads.Efficiency:P1}");
        Assert.True(launch.GlobalWrites.Efficiency >= MinimalEfficiency, $"writes {launch.GlobalWrites.Efficiency:P1}");
        Assert.Equal(0, launch.BankConflictCycles);
    }

    private static long BytesOf(LaunchCounters launch) =>
        MemoryTraffic.SectorSize * (launch.GlobalReads.DistinctSectorCount + launch.GlobalWrites.DistinctSectorCount);

    /// <summary>One run of one image with everything counted; made once for each network and tile.</summary>
    private sealed class CountedRun
    {
        private static readonly ConcurrentDictionary<(string, PointwiseTile?), CountedRun> s_runs = [];

        private CountedRun(string network, PointwiseTile? tile)
        {
            var graph = ArchitectureCatalog.Get(network).Build(new());
            var model = new Model(graph, WeightFormula.Create(graph, 1));
            Plan = PlanSummary.Of(model, 1);
            var device = GpuDevice.Open(GpuBackend.Cpu, 0);
            var tiles = tile is { } fixedTile ? new SameTile(fixedTile) : null;
            using var session = new GpuSession(model, device, "test", new(), tiles);
            var counters = EmulatedCounters.Of(device.Accelerator);
            counters.CountTransactions = true;
            session.Run(new float[session.Input.ElementCount], new float[session.Output.ElementCount], 1);
            Launches = [.. counters.Launches];
            SlowKernels = [.. counters.SlowKernels.Keys];
        }

        public static CountedRun Of(string network, PointwiseTile? tile = null) =>
            s_runs.GetOrAdd((network, tile), _ => new(network, tile));

        public PlanSummary Plan { get; }

        public IReadOnlyList<LaunchCounters> Launches { get; }

        public IReadOnlyList<string> SlowKernels { get; }

        public IEnumerable<LaunchCounters> LaunchesOf(string operation)
        {
            var operations = Plan.Steps.SelectMany(step => Enumerable.Repeat(step.Operation, step.Launches));
            return Launches
                .Zip(operations)
                .Where(pair => pair.Second.StartsWith(operation, StringComparison.Ordinal))
                .Select(pair => pair.First);
        }
    }

    private sealed class SameTile(PointwiseTile tile) : ITileChoice
    {
        public PointwiseTile Choose(PointwiseProblem problem) => tile;
    }
}
