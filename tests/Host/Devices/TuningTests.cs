using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Kernels.Gpu;
using ILGpuMobileNet.Network;
using ILGpuMobileNet.Network.Execution;
using ILGpuMobileNet.Network.Graph;
using ILGpuMobileNet.Network.Weights;
using ILGpuMobileNet.Reference;

namespace ILGpuMobileNet.Host.Tests.Devices;

[Trait("Device", "ilgpu")]
public sealed class TuningTests : IDisposable
{
    private static readonly PointwiseProblem s_problem = new(4, 80, 480);

    private static readonly Model s_model = SmallModel();

    private readonly TemporaryFolder _folder = new();
    private readonly GpuDevice _device = GpuDevice.Open(GpuBackend.Cpu, 0);

    private SessionOptions Options => new(1) { TuningFile = _folder.PathOf(Path.Combine("sub", "tuning.json")) };

    private PointwiseTile ByRule => new LaunchRule(DeviceLimits.Of(_device.Accelerator.Device)).TileFor(s_problem);

    private ILaunchChoice Choice => Tuning.ChoiceFor(_device.Accelerator, Options);

    [Fact]
    public void Remembers_the_fastest_variant_of_every_launch_that_has_several()
    {
        var tuned = Tuning.Run(s_model, new(DeviceKind.IlgpuCpu), Options);

        Assert.All(tuned, launch => Assert.True(launch.Gain >= 1));
        var limits = DeviceLimits.Of(_device.Accelerator.Device);
        var chosen = Variants(new GpuPlan(s_model, Choice, 1), limits)
            .ToDictionary(one => one.Problem, one => one.Chosen);
        Assert.Equal(
            chosen,
            tuned.ToDictionary(one => new LaunchProblem(one.Operation, one.Shape), one => one.Fastest)
        );
        Assert.Equal(
            ["DepthwiseConv", "PointwiseConv", "Pool", "StandardConv"],
            tuned.Select(one => one.Operation).Distinct().Order()
        );
    }

    [Fact]
    public void Groups_of_launches_that_sum_have_one_size()
    {
        var model = ModelSource.Load(new ModelOptions { Model = "mobilenet_v3_small", RandomSeed = 1 }).Model;
        var plan = new GpuPlan(model, new FixedLaunches(default), 1);
        var summing = plan.Steps.Where(step => step.Sums is not null).ToList();

        Assert.NotEmpty(summing);
        Assert.All(summing, step => Assert.Null(step.Operation.VariantsFor(1, new(256, 8))));
    }

    [Fact]
    public void Keeps_what_was_measured_before()
    {
        var first = Tuning.Run(s_model, new(DeviceKind.IlgpuCpu), Options);
        var second = Tuning.Run(s_model, new(DeviceKind.IlgpuCpu), Options with { MaximalBatch = 2 });
        var kept = TuningJson.TryRead(Options.TuningFile!)!.Devices.Single().Value;

        Assert.Equal(first.Count + second.Count, kept.Count);
    }

    [Fact]
    public void Uses_the_rule_where_there_is_no_file() => Assert.Equal(ByRule, Choice.TileFor(s_problem));

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{")]
    [InlineData("[1, 2]")]
    [InlineData("""{"kernels": null, "devices": {}}""")]
    [InlineData("""{"kernels": "KERNELS", "devices": {"KEY": null}}""")]
    [InlineData("""{"kernels": "KERNELS", "devices": {"KEY": [null]}}""")]
    [InlineData(
        """{"kernels": "other", "devices": {"KEY": [{"operation": "PointwiseConv", "shape": "4 pixels, 80 to 480 channels", "choice": "TILE"}]}}"""
    )]
    [InlineData(
        """{"kernels": "KERNELS", "devices": {"x": [{"operation": "PointwiseConv", "shape": "4 pixels, 80 to 480 channels", "choice": "TILE"}]}}"""
    )]
    [InlineData(
        """{"kernels": "KERNELS", "devices": {"KEY": [{"operation": "PointwiseConv", "shape": "4 pixels, 80 to 480 channels", "choice": "77"}]}}"""
    )]
    public void Falls_back_to_the_rule_on_a_file_that_is_stale_or_damaged(string text)
    {
        WriteFile(text);

        Assert.Equal(ByRule, Choice.TileFor(s_problem));
    }

    [Fact]
    public void Uses_the_measurement_where_the_file_has_one()
    {
        WriteFile(
            """
            {"kernels": "KERNELS", "devices": {"KEY": [
                {"operation": "PointwiseConv", "shape": "4 pixels, 80 to 480 channels", "choice": "TILE"},
                {"operation": "DepthwiseConv", "shape": "x", "choice": "128"},
                {"operation": "DepthwiseConv", "shape": "y", "choice": "129"},
                {"operation": "DepthwiseConv", "shape": "x", "choice": "64"}
            ]}}
            """
        );

        Assert.Equal(OtherTile, Choice.TileFor(s_problem));
        Assert.Equal(ByRule, Choice.TileFor(s_problem with { InputCount = 81 }));
        Assert.Equal(128, Choice.GroupSizeFor(new("DepthwiseConv", "x")));
        Assert.Null(Choice.GroupSizeFor(new("DepthwiseConv", "y"))); // no size that was ever offered
        Assert.Null(Choice.GroupSizeFor(new("DepthwiseConv", "z")));
    }

    [Fact]
    public void Measured_choices_change_no_bit_of_the_result()
    {
        using var before = Host.Devices.CreateSession(s_model, new(DeviceKind.IlgpuCpu), Options);
        Tuning.Run(s_model, new(DeviceKind.IlgpuCpu), Options);
        using var after = Host.Devices.CreateSession(s_model, new(DeviceKind.IlgpuCpu), Options);
        var input = Enumerable.Range(0, (int)before.Input.ElementCount).Select(i => i % 17 / 17f).ToArray();
        var (expected, actual) = (new float[before.Output.ElementCount], new float[before.Output.ElementCount]);

        before.Run(input, expected, 1);
        after.Run(input, actual, 1);

        Assert.Equal(expected, actual);
    }

    [Fact]
    public void Refuses_a_batch_below_one() =>
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            Tuning.Run(s_model, new(DeviceKind.IlgpuCpu), Options with { MaximalBatch = 0 })
        );

    [Fact]
    public void Leaves_the_file_alone_when_stopped() =>
        Assert.Throws<OperationCanceledException>(() =>
            Tuning.Run(s_model, new(DeviceKind.IlgpuCpu), Options, new CancellationToken(canceled: true))
        );

    public void Dispose()
    {
        _device.Dispose();
        _folder.Dispose();
    }

    private PointwiseTile OtherTile => LaunchRule.Tiles.First(tile => tile != ByRule);

    private static IEnumerable<LaunchVariants> Variants(GpuPlan plan, DeviceLimits limits) =>
        plan
            .Steps.Select(step => step.Operation.VariantsFor(1, limits))
            .OfType<LaunchVariants>()
            .DistinctBy(one => one.Problem);

    // One launch of each operation that has variants: what is measured is of no interest, and on ILGPU's CPU accelerator
    // every launch takes long.
    private static Model SmallModel()
    {
        var (halving, unchanged) = (Extent.Square(2), Extent.Square(1));
        var graph = new GraphBuilder("small", new(16, 16, 3));
        var stem = graph.Convolution("stem", graph.Input, 8, Square(3, halving), new());
        var depthwise = graph.Convolution("depthwise", stem, 8, Square(3, unchanged), new(8));
        var pointwise = graph.Convolution("pointwise", depthwise, 12, Window.Pointwise, new());
        var pool = graph.Pool("pool", pointwise, PoolKind.Max, Square(2, halving));
        var network = graph.Build(graph.Linear("classifier", graph.GlobalAveragePool("mean", pool), 5));
        return new(network, WeightFormula.Create(network, 1));
    }

    private static Window Square(int side, Extent stride) =>
        new(Extent.Square(side), stride, Extent.Square(1), new(side / 2, side / 2, side / 2, side / 2));

    private void WriteFile(string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Options.TuningFile!)!);
        var filled = text.Replace("KERNELS", Tuning.Kernels, StringComparison.Ordinal)
            .Replace("KEY", Tuning.KeyOf(_device.Accelerator), StringComparison.Ordinal)
            .Replace("TILE", OtherTile.ToString(), StringComparison.Ordinal);
        File.WriteAllText(Options.TuningFile!, filled);
    }
}
