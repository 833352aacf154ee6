using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ILGpuMobileNet.Host.Serving;

/// <summary>Tells logs, metrics and traces what happens in a host.</summary>
internal sealed class HostWatch : IDisposable
{
    /// <summary>Name of the meter and of the source of activities.</summary>
    public const string Name = "ILGpuMobileNet";

    private static readonly ActivitySource _source = new(Name, Version);

    private readonly LoadedModel _model;
    private readonly string? _host;
    private readonly ILogger _logger;
    private readonly HostMetrics _metrics;

    /// <summary>Makes a logger and instruments.</summary>
    /// <param name="model">What the host runs.</param>
    /// <param name="loggerFactory">Makes the logger; null for no log.</param>
    /// <param name="meterFactory">Makes the meter; null for one of the host's own.</param>
    /// <param name="host">Name of the host; null for none.</param>
    public HostWatch(LoadedModel model, ILoggerFactory? loggerFactory, IMeterFactory? meterFactory, string? host = null)
    {
        (_model, _host) = (model, host);
        _logger = (loggerFactory ?? NullLoggerFactory.Instance).CreateLogger<MobileNetHost>();
        _metrics = new(meterFactory, model.Name, host);
    }

    /// <summary>The library's version.</summary>
    public static string? Version => typeof(HostWatch).Assembly.GetName().Version?.ToString(3);

    /// <summary>Whether somebody wants to know about calls.</summary>
    public bool SeesCalls => _metrics.SeesCalls || _source.HasListeners() || _logger.IsEnabled(LogLevel.Debug);

    /// <summary>Notes that the host takes calls.</summary>
    /// <param name="engine">What answers them.</param>
    public void Started(BatchingEngine engine)
    {
        _metrics.Observe(engine);
        _logger.Started(_model.Name, string.Join(", ", engine.Devices), _model.PreparedAs);
        foreach (var assumption in _model.Assumptions)
        {
            _logger.Assumed(_model.Name, assumption);
        }
    }

    /// <summary>Notes that the host has stopped.</summary>
    public void Stopped() => _logger.Stopped(_model.Name);

    /// <summary>Notes that it has stopped all but for devices that do not come back.</summary>
    /// <param name="devices">The devices.</param>
    /// <param name="fault">Whom it is told to.</param>
    public void Hangs(string devices, Exception fault) => _logger.Hangs(_model.Name, devices, fault);

    /// <summary>Watches a call; its activity is the current one while it is answered.</summary>
    /// <param name="answer">Answers it.</param>
    public async Task<T> CallAsync<T>(Func<Task<T>> answer)
    {
        using var activity = _source.StartActivity("mobilenet.call");
        SetTags(activity);
        var begin = Stopwatch.GetTimestamp();
        try
        {
            var result = await answer().ConfigureAwait(false);
            CallEnded(activity, begin, null);
            return result;
        }
        catch (Exception fault)
        {
            CallEnded(activity, begin, fault);
            throw;
        }
    }

    /// <summary>Watches a batch until the result is disposed.</summary>
    /// <param name="device">Where it runs.</param>
    /// <param name="batch">The batch.</param>
    public BatchWatch BatchBegins(string device, CallBatch batch)
    {
        var activity = _source.HasListeners() ? BatchActivity(batch) : null;
        SetTags(activity);
        activity?.SetTag("mobilenet.device", device);
        activity?.SetTag("mobilenet.batch.size", batch.Count);
        return new(_metrics, activity, device, batch.Count);
    }

    /// <summary>Notes that a device failed with a batch.</summary>
    /// <param name="device">The device.</param>
    /// <param name="count">Images in the batch.</param>
    /// <param name="isRetried">Whether another device gets it.</param>
    /// <param name="fault">What it failed with.</param>
    public void DeviceFailed(string device, int count, bool isRetried, Exception fault)
    {
        Quietly(() => _metrics.DeviceFailed(device));
        Quietly(() => _logger.DeviceFailed(device, count, fault));
        if (isRetried)
        {
            Quietly(() => _logger.BatchRetried(device, count));
        }
    }

    /// <summary>Notes that a device that failed works again.</summary>
    /// <param name="device">The device.</param>
    public void DeviceBack(string device) => Quietly(() => _logger.DeviceBack(device));

    /// <summary>Notes that a device that failed does not work yet.</summary>
    /// <param name="device">The device.</param>
    /// <param name="fault">What it failed with this time.</param>
    public void ProbeFailed(string device, Exception fault) => Quietly(() => _logger.ProbeFailed(device, fault));

    /// <summary>Ends the instruments.</summary>
    public void Dispose() => _metrics.Dispose();

    /// <summary>Marks an activity as failed.</summary>
    /// <param name="activity">The activity; null for none.</param>
    /// <param name="fault">What it failed with.</param>
    public static void Fail(Activity? activity, Exception fault) =>
        activity?.SetStatus(ActivityStatusCode.Error, fault.Message).SetTag("error.type", fault.GetType().FullName);

    private static void Quietly(Action tell) =>
        Quietly<object>(() =>
        {
            tell();
            return null;
        });

    private static T? Quietly<T>(Func<T?> tell)
        where T : class
    {
        try
        {
            return tell();
        }
#pragma warning disable CA1031 // What a log or a listener throws must not end a lane's thread, and with it the process.
        catch (Exception)
#pragma warning restore CA1031
        {
            return null;
        }
    }

    private void CallEnded(Activity? activity, long begin, Exception? fault)
    {
        var seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        _metrics.CallEnded(seconds, fault);
        activity?.SetTag("mobilenet.outcome", CallOutcome.Of(fault));
        if (fault is not null)
        {
            Fail(activity, fault);
            _logger.CallFailed(seconds, CallOutcome.Of(fault), fault);
        }
    }

    private void SetTags(Activity? activity) =>
        activity?.SetTag("mobilenet.model", _model.Name).SetTag("mobilenet.host", _host); // null sets none

    // A batch is nobody's child: it links to the calls that it answers.
    private static Activity? BatchActivity(CallBatch batch) =>
        Quietly(() =>
        {
            var links = batch
                .Calls.ToArray()
                .Where(call => call.Trace != default)
                .Select(call => new ActivityLink(call.Trace));
            return _source.StartActivity(ActivityKind.Internal, links: links, name: "mobilenet.batch");
        });
}
