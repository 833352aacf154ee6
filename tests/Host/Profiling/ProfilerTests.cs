using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network;
using ILGpuMobileNet.Network.Graph;

namespace ILGpuMobileNet.Host.Tests.Profiling;

[Trait("Device", "ilgpu")]
public sealed class ProfilerTests
{
    private static readonly Model s_model = ModelSource
        .Load(
            new ModelOptions
            {
                Model = "mobilenet_v3_small",
                Resolution = new Extent(32, 40),
                RandomSeed = 1,
            }
        )
        .Model;

    [Fact]
    public void Tells_what_every_step_does_and_how_fast()
    {
        var profile = Profiler.Run(s_model, DeviceName.Cpu, new(2, 1), rounds: 3);

        Assert.Equal(
            ("mobilenet_v3_small", "cpu", 2, 3),
            (profile.Model, profile.Device, profile.Batch, profile.Rounds)
        );
        Assert.False(profile.WaitedAfterSteps);
        Assert.Equal(2 * 2 * NetworkSummary.Of(s_model.Graph).Macs, profile.Flops);
        Assert.Equal(1, profile.Machine!.Threads);
        Assert.Equal(1, profile.Steps.Sum(step => step.Share), 9);
        Assert.Equal(profile.Steps.Sum(step => step.Seconds), profile.StepSeconds);
        Assert.Contains(profile.Steps, step => step.Operation == "PointwiseConv + gate + residual");
        Assert.All(profile.Steps, AssertSane);
        Assert.All(profile.Steps, step => Assert.True(step.Bound is { Seconds: > 0, Fraction: > 0 }));
    }

    [Fact]
    public void Times_of_the_steps_are_those_of_the_run()
    {
        // Other work on the machine makes either longer; one of several tries is quiet enough.
        var ratios = Enumerable
            .Range(0, 5)
            .Select(_ => Profiler.Run(s_model, DeviceName.Cpu, new(1, 1), rounds: 20))
            .Select(profile => profile.StepSeconds / profile.RunSeconds);

        Assert.Contains(ratios, ratio => ratio is > 0.6 and < 1.6);
    }

    [Fact]
    public void Counts_weights_once_for_each_part_of_a_batch()
    {
        const int chunks = 2; // of 8 and of 3 images
        var one = Profiler.Run(s_model, DeviceName.Cpu, new(1, 1), rounds: 1).Steps;
        var eleven = Profiler.Run(s_model, DeviceName.Cpu, new(11, 1), rounds: 1).Steps;

        var weights = new[] { 16 * 3 * 9 + 16, 16 * 9 + 16 }; // of the first two steps
        for (var i = 0; i < weights.Length; i++)
        {
            var features = one[i].Bytes - 4 * weights[i];
            Assert.Equal(11 * features + chunks * 4 * weights[i], eleven[i].Bytes);
            Assert.Equal(11 * one[i].Flops, eleven[i].Flops);
        }
    }

    [Fact]
    public void Has_no_bounds_for_an_accelerator_and_waits_after_its_steps()
    {
        var options = new ModelOptions
        {
            Model = "mobilenet_v2_relu",
            Width = 0.25,
            Resolution = Kernels.Extent.Square(16),
            RandomSeed = 1,
        };
        var profile = Profiler.Run(ModelSource.Load(options).Model, new(DeviceKind.IlgpuCpu), new(), rounds: 1);

        Assert.Equal("ilgpu-cpu", profile.Device);
        Assert.True(profile.WaitedAfterSteps);
        Assert.Null(profile.Machine);
        Assert.All(profile.Steps, AssertSane);
        Assert.All(profile.Steps, step => Assert.Null(step.Bound));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    public void Refuses_batches_and_rounds_below_one(int batch, int rounds) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Profiler.Run(s_model, DeviceName.Cpu, new(batch, 1), rounds));

    [Fact]
    public void Stops_when_asked_to() =>
        Assert.Throws<OperationCanceledException>(() =>
            Profiler.Run(s_model, DeviceName.Cpu, new(1, 1), 1, new CancellationToken(canceled: true))
        );

    private static void AssertSane(StepProfile step)
    {
        Assert.True(step.Seconds > 0 && step.Bytes > 0 && step.Flops >= 0);
        double[] rates = [step.FlopsPerSecond, step.BytesPerSecond, step.FlopsPerByte, step.Share];
        Assert.All(rates, rate => Assert.True(double.IsFinite(rate) && rate >= 0));
        Assert.Equal((3, 3), (step.Input.Length, step.Output.Length));
    }
}
