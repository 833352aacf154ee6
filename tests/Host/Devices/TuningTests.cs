using ILGpuMobileNet.Kernels.Gpu;
using ILGpuMobileNet.Network;
using ILGpuMobileNet.Network.Execution;
using ILGpuMobileNet.Reference;

namespace ILGpuMobileNet.Host.Tests.Devices;

public sealed class TuningTests : IDisposable
{
    private static readonly PointwiseProblem s_problem = new(4, 80, 480);

    private static readonly Model s_model = ModelSource
        .Load(
            new ModelOptions
            {
                Model = "mobilenet_v2_relu",
                Width = 0.25,
                RandomSeed = 1,
            }
        )
        .Model;

    private readonly TemporaryFolder _folder = new();
    private readonly GpuDevice _device = GpuDevice.Open(GpuBackend.Cpu, 0);

    private SessionOptions Options => new(1) { TuningFile = _folder.PathOf(Path.Combine("sub", "tuning.json")) };

    private PointwiseTile ByRule => new PointwiseRule(DeviceLimits.Of(_device.Accelerator.Device)).Choose(s_problem);

    [Fact]
    public void Remembers_the_fastest_tile_of_every_shape()
    {
        var tuned = Tuning.Run(s_model, new(DeviceKind.IlgpuCpu), Options);

        Assert.Equal(GpuPlan.PointwiseProblems(s_model, 1).Count, tuned.Count);
        Assert.All(tuned, shape => Assert.True(shape.Gain >= 1));
        var tiles = Tuning.TilesFor(_device.Accelerator, Options);
        Assert.All(
            tuned,
            shape => Assert.Equal(shape.Fastest, tiles.Choose(new(shape.Rows, shape.Inputs, shape.Outputs)).ToString())
        );
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
    public void Uses_the_rule_where_there_is_no_file() =>
        Assert.Equal(ByRule, Tuning.TilesFor(_device.Accelerator, Options).Choose(s_problem));

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{")]
    [InlineData("[1, 2]")]
    [InlineData("""{"kernels": null, "devices": {}}""")]
    [InlineData("""{"kernels": "KERNELS", "devices": {"KEY": null}}""")]
    [InlineData("""{"kernels": "KERNELS", "devices": {"KEY": [null]}}""")]
    [InlineData(
        """{"kernels": "other", "devices": {"KEY": [{"rows": 4, "inputs": 80, "outputs": 480, "tile": "TILE"}]}}"""
    )]
    [InlineData(
        """{"kernels": "KERNELS", "devices": {"x": [{"rows": 4, "inputs": 80, "outputs": 480, "tile": "TILE"}]}}"""
    )]
    [InlineData(
        """{"kernels": "KERNELS", "devices": {"KEY": [{"rows": 4, "inputs": 80, "outputs": 480, "tile": "77"}]}}"""
    )]
    public void Falls_back_to_the_rule_on_a_file_that_is_stale_or_damaged(string text)
    {
        WriteFile(text);

        Assert.Equal(ByRule, Tuning.TilesFor(_device.Accelerator, Options).Choose(s_problem));
    }

    [Fact]
    public void Uses_the_measurement_where_the_file_has_one()
    {
        WriteFile(
            """{"kernels": "KERNELS", "devices": {"KEY": [{"rows": 4, "inputs": 80, "outputs": 480, "tile": "TILE"}]}}"""
        );
        var tiles = Tuning.TilesFor(_device.Accelerator, Options);

        Assert.Equal(OtherTile, tiles.Choose(s_problem));
        Assert.Equal(ByRule, tiles.Choose(s_problem with { InputCount = 81 }));
    }

    [Fact]
    public void Measured_tiles_change_no_bit_of_the_result()
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

    private PointwiseTile OtherTile => PointwiseRule.Tiles.First(tile => tile != ByRule);

    private void WriteFile(string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Options.TuningFile!)!);
        var filled = text.Replace("KERNELS", Tuning.Kernels, StringComparison.Ordinal)
            .Replace("KEY", Tuning.KeyOf(_device.Accelerator), StringComparison.Ordinal)
            .Replace("TILE", OtherTile.ToString(), StringComparison.Ordinal);
        File.WriteAllText(Options.TuningFile!, filled);
    }
}
