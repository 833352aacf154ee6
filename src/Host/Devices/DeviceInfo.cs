namespace ILGpuMobileNet.Host;

/// <summary>A device that was looked for.</summary>
/// <param name="Name">How to ask for it.</param>
/// <param name="Description">What it is: for the CPU the vector width in use and the number of cores.</param>
/// <param name="Refusal">Why it cannot be used, or null when it can.</param>
public sealed record DeviceInfo(DeviceName Name, string Description, string? Refusal = null)
{
    /// <summary>What runs the network.</summary>
    public DeviceKind Kind => Name.Kind;

    /// <summary>Whether a session can be opened on it.</summary>
    public bool IsAvailable => Refusal is null;
}
