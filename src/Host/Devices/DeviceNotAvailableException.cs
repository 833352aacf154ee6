namespace ILGpuMobileNet.Host;

/// <summary>A device was asked for that cannot be used here. The message names what was found and why each candidate was refused.</summary>
public sealed class DeviceNotAvailableException : Exception
{
    /// <summary>Describes the fault.</summary>
    /// <param name="requested">The device that was asked for.</param>
    /// <param name="candidates">Every device that was looked for.</param>
    public DeviceNotAvailableException(DeviceName requested, IReadOnlyList<DeviceInfo> candidates)
        : base(Describe(requested, candidates)) => Requested = requested;

    /// <summary>The device that was asked for.</summary>
    public DeviceName Requested { get; }

    private static string Describe(DeviceName requested, IReadOnlyList<DeviceInfo> candidates)
    {
        ArgumentNullException.ThrowIfNull(candidates);
        var lines = candidates.Select(device => $"{device.Name} ({device.Refusal ?? "available"})");
        return $"Device '{requested}' is not available. Found: {string.Join("; ", lines)}. "
            + "Ask for an available one, or for 'auto'.";
    }
}
