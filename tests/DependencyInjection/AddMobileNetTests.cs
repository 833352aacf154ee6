using System.Diagnostics.Metrics;
using ILGpuMobileNet.Host.Serving;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ILGpuMobileNet.DependencyInjection.Tests;

public sealed class AddMobileNetTests
{
    [Fact]
    public async Task The_host_starts_and_stops_with_the_application()
    {
        using var app = Application(services => services.AddMobileNet(SmallModel.Configure));
        var health = app.Services.GetRequiredService<HealthCheckService>();
        Assert.Equal(HealthStatus.Unhealthy, (await health.CheckHealthAsync()).Status);

        await app.StartAsync();
        var host = app.Services.GetRequiredService<MobileNetHost>();
        var report = await health.CheckHealthAsync();
        await app.StopAsync();

        Assert.Equal(HealthStatus.Healthy, report.Status);
        Assert.Equal("ok", report.Entries["mobilenet"].Data["0 cpu"]);
        Assert.Equal(HostStatus.Stopped, host.Health.Status);
        Assert.Equal(HealthStatus.Unhealthy, (await health.CheckHealthAsync()).Status);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => host.ClassifyAsync("any.png"));
    }

    [Fact]
    public async Task A_worker_may_take_the_host_before_the_application_starts()
    {
        using var app = Application(services => services.AddHostedService<Worker>().AddMobileNet(SmallModel.Configure));

        await app.StartAsync();

        var worker = app.Services.GetServices<IHostedService>().OfType<Worker>().Single();
        Assert.Equal(HostStatus.Healthy, worker.AtStart);
        Assert.Same(app.Services.GetRequiredService<MobileNetHost>(), worker.Host);
        await app.StopAsync();
    }

    [Fact]
    public async Task Without_an_application_it_starts_when_it_is_resolved_and_ends_with_the_container()
    {
        var services = new ServiceCollection();
        services.AddMobileNet(SmallModel.Configure);
        MobileNetHost host;
        await using (var provider = services.BuildServiceProvider())
        {
            host = provider.GetRequiredService<MobileNetHost>();
            Assert.Equal(HostStatus.Healthy, host.Health.Status);
        }
        Assert.Equal(HostStatus.Stopped, host.Health.Status);

        using (var provider = services.BuildServiceProvider())
        {
            Assert.NotSame(host, provider.GetRequiredService<MobileNetHost>());
        }
        services.BuildServiceProvider().Dispose();
    }

    [Fact]
    public async Task Options_out_of_range_end_the_start()
    {
        using var app = Application(services => services.AddMobileNet(options => options.MaximalBatch = 0));

        var fault = await Assert.ThrowsAsync<OptionsValidationException>(() => app.StartAsync());

        Assert.Contains("MaximalBatch", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_that_is_not_there_ends_the_start_and_may_be_there_next_time()
    {
        var path = "/nowhere/model.onnx";
        using var app = Application(services =>
            services.AddMobileNet(options =>
            {
                SmallModel.Configure(options);
                options.Model = File.Exists(path) ? options.Model : new() { Model = path };
            })
        );

        await Assert.ThrowsAnyAsync<IOException>(() => app.StartAsync());
        await Assert.ThrowsAnyAsync<IOException>(() => Task.Run(app.Services.GetRequiredService<MobileNetHost>));
        Assert.Null(MobileNetServiceCollectionExtensions.HostedIn(app.Services, "").Started);
    }

    [Fact]
    public async Task Adding_it_twice_adds_options_and_keys_tell_hosts_apart()
    {
        using var app = Application(services =>
        {
            services.AddMobileNet(SmallModel.Configure);
            services.AddMobileNet(options => options.TopCount = 3);
            services.AddKeyedMobileNet(
                "small",
                options =>
                {
                    SmallModel.Configure(options);
                    options.Model = new()
                    {
                        Model = SmallModel.Name,
                        RandomSeed = 2,
                        Classes = 4,
                    };
                }
            );
            services.AddHealthChecks().AddMobileNet("small", "small");
        });

        await app.StartAsync();

        Assert.Equal(2, app.Services.GetServices<IHostedService>().OfType<HostedMobileNet>().Count());
        var (one, other) = (
            app.Services.GetRequiredService<MobileNetHost>(),
            app.Services.GetRequiredKeyedService<MobileNetHost>("small")
        );
        Assert.Equal((10, 4), (one.Output.Channels, other.Output.Channels));
        Assert.Equal(3, app.Services.GetRequiredService<IOptions<MobileNetHostOptions>>().Value.TopCount);
        var report = await app.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        Assert.Equal(["mobilenet", "small"], report.Entries.Keys.Order());
        await app.StopAsync();
    }

    [Fact]
    public async Task Meters_come_from_the_application()
    {
        using var app = Application(services => services.AddMobileNet(SmallModel.Configure));
        await app.StartAsync();
        var host = app.Services.GetRequiredService<MobileNetHost>();
        var factory = app.Services.GetRequiredService<IMeterFactory>();
        var measured = new List<string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Scope == factory && instrument.Meter.Name == "ILGpuMobileNet")
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>((instrument, _, _, _) => measured.Add(instrument.Name));
        listener.Start();

        await host.RunAsync(new float[host.Input.ElementCount], new float[host.Output.ElementCount]);

        Assert.Contains("mobilenet.host.call.duration", measured);
        await app.StopAsync();
    }

    private static IHost Application(Action<IServiceCollection> add)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateApplicationBuilder();
        builder.Services.AddHealthChecks().AddMobileNet();
        add(builder.Services);
        return builder.Build();
    }

    private sealed class Worker(MobileNetHost host) : IHostedService
    {
        public MobileNetHost Host => host;

        public HostStatus AtStart { get; private set; } = HostStatus.Stopped;

        public Task StartAsync(CancellationToken cancellationToken)
        {
            AtStart = host.Health.Status;
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
