namespace ILGpuMobileNet.Network.Execution;

/// <summary>A device or its driver failed. The message says what was done, what the driver said, and what helps.</summary>
public sealed class DeviceException : Exception
{
    /// <summary>Describes the fault.</summary>
    /// <param name="device">The device, as it was asked for.</param>
    /// <param name="message">What happened and what helps.</param>
    /// <param name="isLost">Whether the device is lost to this session.</param>
    /// <param name="innerException">What the driver reported.</param>
    public DeviceException(string device, string message, bool isLost, Exception? innerException)
        : base($"Device '{device}': {message}", innerException) => (Device, IsLost) = (device, isLost);

    /// <summary>The device, as it was asked for.</summary>
    public string Device { get; }

    /// <summary>
    /// True when the session can run nothing more: dispose it and open another one, which works as soon as the device does.
    /// </summary>
    public bool IsLost { get; }
}
