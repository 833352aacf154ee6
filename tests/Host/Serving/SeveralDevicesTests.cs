using System.Collections.Concurrent;
using ILGpuMobileNet.Host.Serving;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Execution;
using ILGpuMobileNet.Network.Weights;
using ILGpuMobileNet.Reference;
using ILGpuMobileNet.Reference.Operations;

namespace ILGpuMobileNet.Host.Tests.Serving;

/// <summary>A host over the CPU and an accelerator, real sessions both, held to PyTorch's outputs.</summary>
[Trait("Device", "ilgpu")]
public sealed class SeveralDevicesTests
{
    private const int ImageCount = 3; // that have a known answer
    private const int ClassCount = 10;
    private const double Tolerance = 1e-4;

    private static readonly ModelOptions s_model = new() { Model = "mobilenet_v2_relu", RandomSeed = 1 };
    private static readonly DeviceName[] s_devices = [DeviceName.Cpu, new(DeviceKind.IlgpuCpu)];
    private static readonly float[][] s_images = Images();
    private static readonly float[][] s_answers = Answers();

    [Fact]
    public async Task Both_work_and_the_answers_are_the_known_ones()
    {
        using var bothRun = new Barrier(s_devices.Length);
        var hasRun = new ConcurrentDictionary<string, bool>();
        // The first batch of each waits for that of the other, so that neither does all the work.
        await using var host = Start(device =>
            _ = hasRun.TryAdd(device, true) && bothRun.SignalAndWait(Patience.Limit)
        );

        await AskAsync(host, 8 * ImageCount);

        Assert.Equal(["cpu", "ilgpu-cpu"], host.Devices);
        Assert.Equal(["cpu", "ilgpu-cpu"], hasRun.Keys.Order());
        Assert.Equal(1, bothRun.CurrentPhaseNumber);
        Assert.Equal(HostStatus.Healthy, host.Health.Status);
    }

    [Theory]
    [InlineData("cpu")]
    [InlineData("ilgpu-cpu")]
    public async Task What_one_fails_with_the_other_answers_and_it_comes_back(string failing)
    {
        var failureCount = 0;
        await using var host = Start(device =>
        {
            if (device == failing && Interlocked.Increment(ref failureCount) == 1)
            {
                throw new DeviceException(device, "broke.", true, null);
            }
        });

        await Patience.UntilAsync(() =>
        {
            AskAsync(host, 2 * ImageCount).GetAwaiter().GetResult();
            return Volatile.Read(ref failureCount) > 0;
        });
        await Patience.UntilAsync(() => host.Health.Status == HostStatus.Healthy);

        Assert.True(Volatile.Read(ref failureCount) >= 2, "It came back without an image having gone through it.");
        await AskAsync(host, 2 * ImageCount);
    }

    private static MobileNetHost Start(Action<string> beforeRun)
    {
        var options = new MobileNetHostOptions
        {
            Model = s_model,
            Devices = s_devices,
            MaximalBatch = 2,
            ThreadCount = 1,
            ProbeInterval = TimeSpan.FromMilliseconds(20),
        }.Checked();
        var model = new HostedModel(ModelSource.Load(options.Model), options, default);
        var sessions = new SessionFactory(model.Model, new(options.MaximalBatch, options.ThreadCountOnCpu));
        return new(model, options, place => new WatchedSession(sessions.Open(s_devices[place]), beforeRun));
    }

    private static Task AskAsync(MobileNetHost host, int count) =>
        Task.WhenAll(
            Enumerable
                .Range(0, count)
                .Select(async i =>
                {
                    var output = new float[ClassCount];
                    await host.RunAsync(s_images[i % ImageCount], output);
                    var expected = s_answers[i % ImageCount].Select(value => (double)value).ToArray();
                    Assert.InRange(Closeness.RelativeError(expected, output), 0, Tolerance);
                })
        );

    /// <summary>The golden case's images: together they follow the formula as <c>[N, C, H, W]</c>.</summary>
    private static float[][] Images()
    {
        var shape = new FeatureShape(Height: 32, Width: 32, Channels: 3);
        var planar = new float[ImageCount * shape.ElementCount];
        WeightFormula.Fill("input", 1, planar, scale: 2, offset: -1);
        var images = new float[planar.Length];
        ChannelLayout.ToChannelsLast(planar, shape, images);
        return [.. images.Chunk((int)shape.ElementCount)];
    }

    private static float[][] Answers()
    {
        var path = Repository.PathOf("tests", "Network", "Goldens", "mobilenet_v2_relu_32x32_w1.npy");
        return [.. Npy.Read(path).Data.ToArray().Chunk(ClassCount)];
    }

    /// <summary>A session that tells before it runs.</summary>
    private sealed class WatchedSession(ISession inner, Action<string> beforeRun) : WrappedSession(inner)
    {
        public override void Run(ReadOnlySpan<float> input, ReadOnlySpan<Memory<float>> outputs, int batch)
        {
            beforeRun(Device);
            base.Run(input, outputs, batch);
        }
    }
}
