using ILGpuMobileNet.Host.Serving;

namespace ILGpuMobileNet.Host.Tests.Serving;

/// <summary>A host over devices that tests control.</summary>
internal sealed class FakeHost : IAsyncDisposable
{
    public static readonly LoadedModel Model = ModelSource.Load(new() { Model = "mobilenet_v2_relu", RandomSeed = 1 });

    private readonly HostedModel _hosted;

    public FakeHost(Action<MobileNetHostOptions>? configure = null, params FakeDevice[] devices)
        : this(configure, model => new(model, null, null), devices) { }

    public FakeHost(
        Action<MobileNetHostOptions>? configure,
        Func<LoadedModel, HostWatch> watch,
        params FakeDevice[] devices
    )
    {
        FakeDevice[] all = devices is [] ? [new("fake")] : devices;
        var options = new MobileNetHostOptions { MaximalBatch = 4, ProbeInterval = TimeSpan.FromMilliseconds(20) };
        // The names stand for the fakes only: lanes of one name share a device.
        options.Devices = [.. all.Select(device => new DeviceName(DeviceKind.Cuda, Array.IndexOf(all, device)))];
        configure?.Invoke(options);
        Device = all[0];
        _hosted = new(Model, options, default);
        Host = new(_hosted, options.Checked(), place => all[place].Open(_hosted, options), watch(Model));
    }

    public MobileNetHost Host { get; }

    public FakeDevice Device { get; }

    /// <summary>Runs an image of one value, whose answer is that value.</summary>
    public async Task<float> RunAsync(
        float value,
        TimeSpan? timeLimit = null,
        CancellationToken cancellationToken = default
    )
    {
        var image = new float[Host.Input.ElementCount];
        image[^1] = value;
        var output = new float[Host.Output.ElementCount];
        await Host.RunAsync(image, output, timeLimit, cancellationToken);
        return output[0];
    }

    public ValueTask DisposeAsync() => Host.DisposeAsync();
}
