using Microsoft.Extensions.Logging;

namespace ILGpuMobileNet.Host.Serving;

/// <summary>What a host writes to its log; event ids are kept from version to version.</summary>
internal static partial class HostLog
{
    /// <summary>It takes calls.</summary>
    [LoggerMessage(1, LogLevel.Information, "{Model} runs on {Devices}, pictures prepared as for {PreparedAs}")]
    public static partial void Started(this ILogger logger, string model, string devices, string preparedAs);

    /// <summary>Something was taken for granted about the weights.</summary>
    [LoggerMessage(2, LogLevel.Warning, "{Model}: {Assumption}")]
    public static partial void Assumed(this ILogger logger, string model, string assumption);

    /// <summary>It has ended, and its sessions are closed.</summary>
    [LoggerMessage(3, LogLevel.Information, "{Model} stopped")]
    public static partial void Stopped(this ILogger logger, string model);

    /// <summary>It has ended all but for devices that do not come back.</summary>
    [LoggerMessage(4, LogLevel.Error, "{Model} stopped, but {Devices} did not come back from a batch")]
    public static partial void Hangs(this ILogger logger, string model, string devices, Exception fault);

    /// <summary>A device is taken out.</summary>
    [LoggerMessage(5, LogLevel.Error, "{Device} failed with a batch of {Count} and is taken out until it works again")]
    public static partial void DeviceFailed(this ILogger logger, string device, int count, Exception fault);

    /// <summary>A device that failed works again.</summary>
    [LoggerMessage(6, LogLevel.Information, "{Device} works again")]
    public static partial void DeviceBack(this ILogger logger, string device);

    /// <summary>A failed device's batch is not lost.</summary>
    [LoggerMessage(7, LogLevel.Warning, "The batch of {Count} that {Device} failed with goes to another device")]
    public static partial void BatchRetried(this ILogger logger, string device, int count);

    /// <summary>A failed device does not work yet.</summary>
    [LoggerMessage(8, LogLevel.Debug, "{Device} does not work yet")]
    public static partial void ProbeFailed(this ILogger logger, string device, Exception fault);

    /// <summary>A call has no result; its caller has the exception.</summary>
    [LoggerMessage(9, LogLevel.Debug, "A call ended after {Seconds} s without a result: {Outcome}")]
    public static partial void CallFailed(this ILogger logger, double seconds, string outcome, Exception fault);
}
