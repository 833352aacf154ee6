using ILGpuMobileNet.Host.Serving;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ILGpuMobileNet.DependencyInjection;

/// <summary>Tells how a host is; never starts or waits for one.</summary>
/// <param name="hosted">The host.</param>
internal sealed class MobileNetHealthCheck(HostedMobileNet hosted) : IHealthCheck
{
    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(context);
        return Task.FromResult(ResultOf(hosted.Started?.Health, context.Registration.FailureStatus));
    }

    /// <summary>The result.</summary>
    /// <param name="health">How the host is; null where it is not started.</param>
    /// <param name="failure">What is said of a host that cannot answer.</param>
    public static HealthCheckResult ResultOf(HostHealth? health, HealthStatus failure)
    {
        if (health is null)
        {
            return new(failure, "The model is not loaded yet.");
        }
        var faults = health.Sessions.Where(session => session.Fault is not null);
        var description =
            health.Status == HostStatus.Stopped
                ? "The host was stopped."
                : string.Join(" ", faults.Select(session => $"{session.Device}: {session.Fault}"));
        return new(StatusOf(health.Status, failure), description, null, DataOf(health));
    }

    private static HealthStatus StatusOf(HostStatus status, HealthStatus failure) =>
        status switch
        {
            HostStatus.Healthy => HealthStatus.Healthy,
            HostStatus.Degraded => HealthStatus.Degraded,
            _ => failure,
        };

    // A device can have two sessions: their places tell them apart.
    private static Dictionary<string, object> DataOf(HostHealth health) =>
        health
            .Sessions.Index()
            .ToDictionary(
                session => $"{session.Index} {session.Item.Device}",
                object (session) => session.Item.Fault ?? "ok"
            );
}
