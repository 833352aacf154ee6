using System.Collections.Immutable;

namespace ILGpuMobileNet.Host.Serving;

/// <summary>Whether a host can answer.</summary>
public enum HostStatus
{
    /// <summary>Every device is in order.</summary>
    Healthy,

    /// <summary>Some devices failed; the others do their work.</summary>
    Degraded,

    /// <summary>No device is left; calls end with what the last one failed with, until one is back.</summary>
    Unhealthy,

    /// <summary>The host was stopped.</summary>
    Stopped,
}

/// <summary>How a host is.</summary>
/// <param name="Status">Whether it can answer.</param>
/// <param name="Sessions">Its sessions, in the order in which their devices were asked for.</param>
public sealed record HostHealth(HostStatus Status, ImmutableArray<SessionHealth> Sessions);

/// <summary>How a session of a host is.</summary>
/// <param name="Device">Its device.</param>
/// <param name="Fault">What it failed with, until it is back; null while it is in order.</param>
public sealed record SessionHealth(string Device, string? Fault);
