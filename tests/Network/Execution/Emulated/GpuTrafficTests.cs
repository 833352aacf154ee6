using System.Collections.Concurrent;
using ILGPU.Emulation;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Kernels.Gpu;
using ILGpuMobileNet.Network.Architectures;
using ILGpuMobileNet.Network.Execution;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Network.Tests.Execution.Emulated;

/// <summary>
/// What the kernels of whole networks do to memory, in layers with the papers' channels and windows; the resolution is
/// what can be counted in some seconds. The counts are the same on every machine.
/// </summary>
[Collection("device")]
public sealed class GpuTrafficTests
{
    private const double MinimalEfficiency = 0.9; // used bytes of the moved sectors
    private const double MaximalExcess = 1.3; // bytes moved over the plan's
    private const int Resolution = 128;
    private const int TileResolution = 96; // the last feature maps still have several pixels

    public static TheoryData<string> Networks { get; } = ["mobilenet_v3_large", "mobilenet_v1"];

    public static TheoryData<string, string> Tiles
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var tile in LaunchRule.Tiles)
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
        Assert.True(
            ratio <= MaximalExcess,
            $"{moved} bytes are {ratio:0.000} times the plan's {run.Plan.Bytes}, most in {run.LargestExcess()}."
        );
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
        var launches = CountedRun.Of(network).LaunchesOf("DepthwiseConv");
        Assert.Equal(network == "mobilenet_v1" ? 13 : 15, launches.Count);
        Assert.All(launches, AssertCoalesced);
    }

    [Theory]
    [MemberData(nameof(Tiles))]
    public void Pointwise_convolutions_are_coalesced_with_every_tile(string network, string tile)
    {
        var launches = CountedRun.Of(network, Enum.Parse<PointwiseTile>(tile)).LaunchesOf("PointwiseConv");
        Assert.Equal(network == "mobilenet_v1" ? 13 : 30, launches.Count);
        Assert.All(launches, AssertCoalesced);
        Assert.All(launches, launch => Assert.True(launch.Counters.SharedRequestCount > 0));
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void No_kernel_has_bank_conflicts_or_is_left_to_the_slow_way(string network)
    {
        var run = CountedRun.Of(network);
        Assert.All(run.Launches, launch => Assert.Equal(0, launch.BankConflictCycles));
        Assert.Empty(run.SlowKernels);
    }

    private static void AssertCoalesced(CountedLaunch launch)
    {
        var (reads, writes) = (launch.Counters.GlobalReads, launch.Counters.GlobalWrites);
        Assert.True(reads.Efficiency >= MinimalEfficiency, $"{launch.Step.Name} reads {reads.Efficiency:P1}");
        Assert.True(writes.Efficiency >= MinimalEfficiency, $"{launch.Step.Name} writes {writes.Efficiency:P1}");
        Assert.True(launch.Counters.BankConflictCycles == 0, $"{launch.Step.Name} has bank conflicts");
    }

    private static long BytesOf(LaunchCounters launch) =>
        MemoryTraffic.SectorSize * (launch.GlobalReads.DistinctSectorCount + launch.GlobalWrites.DistinctSectorCount);

    private readonly record struct CountedLaunch(PlanStepSummary Step, LaunchCounters Counters);

    /// <summary>One run of one image with everything counted; made once for each network and tile.</summary>
    private sealed class CountedRun
    {
        private static readonly ConcurrentDictionary<(string, PointwiseTile?), CountedRun> s_runs = [];

        private CountedRun(string network, PointwiseTile? tile)
        {
            var resolution = Extent.Square(tile is null ? Resolution : TileResolution);
            var graph = ArchitectureCatalog.Get(network).Build(new() { Resolution = resolution });
            var model = new Model(graph, WeightFormula.Create(graph, 1));
            Plan = PlanSummary.Of(model, 1);
            var device = GpuDevice.Open(GpuBackend.Cpu, 0);
            var choice = tile is { } fixedTile ? new FixedLaunches(fixedTile) : null;
            using var session = new GpuSession(model, device, "test", new(), choice);
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

        public List<CountedLaunch> LaunchesOf(string operation) =>
            [
                .. Plan
                    .Steps.SelectMany(step => Enumerable.Repeat(step, step.Launches))
                    .Zip(Launches, (step, counters) => new CountedLaunch(step, counters))
                    .Where(launch => launch.Step.Operation.StartsWith(operation, StringComparison.Ordinal)),
            ];

        /// <summary>The step that moves most more than planned.</summary>
        public string LargestExcess() =>
            LaunchesOf("")
                .GroupBy(launch => launch.Step, launch => BytesOf(launch.Counters))
                .MaxBy(step => step.Sum() - step.Key.Bytes)!
                .Key.Name;
    }
}
