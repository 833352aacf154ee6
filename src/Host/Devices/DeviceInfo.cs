namespace ILGpuMobileNet.Host;

/// <summary>A device that was looked for.</summary>
/// <param name="Name">How to ask for it.</param>
/// <param name="Description">
/// What it is: for the CPU the vector width in use and the number of cores; for a GPU its name, memory, compute capability
/// or OpenCL version, and driver.
/// </param>
/// <param name="Refusal">Why it cannot be used, or null when it can.</param>
public sealed record DeviceInfo(DeviceName Name, string Description, string? Refusal = null)
{
    /// <summary>What runs the network.</summary>
    public DeviceKind Kind => Name.Kind;

    /// <summary>Bytes of the device's own memory, where it has some and it is known.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>Whether a session can be opened on it.</summary>
    public bool IsAvailable => Refusal is null;
}
