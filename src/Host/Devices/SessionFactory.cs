using ILGpuMobileNet.Network;
using ILGpuMobileNet.Network.Execution;

namespace ILGpuMobileNet.Host;

/// <summary>
/// Opens sessions of one network for callers that run at the same time, at any time and from any thread. Those on the
/// CPU share their packed weights while one of them is open; each GPU's session has its own.
/// </summary>
/// <param name="model">The network and its weights.</param>
/// <param name="options">Batch, and threads of each session on the CPU.</param>
public sealed class SessionFactory(Model model, SessionOptions options)
{
    private readonly object _gate = new();
    private CpuSession? _packed; // one of those that have the weights

    /// <summary>Opens a session, which the caller disposes; the order in which sessions are disposed does not matter.</summary>
    /// <param name="device">Where it runs; <see cref="ISession.Device"/> says what <c>auto</c> chose.</param>
    /// <inheritdoc cref="Devices.CreateSession" path="/exception"/>
    public ISession Open(DeviceName device)
    {
        var chosen = Devices.Choose(device);
        if (chosen.Kind != DeviceKind.Cpu)
        {
            return Devices.CreateSession(model, chosen, options);
        }
        lock (_gate)
        {
            return _packed = _packed?.TryShare() ?? new CpuSession(model, options);
        }
    }

    /// <summary>Bytes that a session on each of some devices will hold, weights that are shared counted once.</summary>
    /// <param name="devices">The devices, one as often as it shall have sessions; they need not be here.</param>
    /// <inheritdoc cref="Devices.MemoryFor" path="/exception"/>
    public IReadOnlyList<DeviceMemory> MemoryFor(IEnumerable<DeviceName> devices)
    {
        ArgumentNullException.ThrowIfNull(devices);
        var known = new Dictionary<bool, SessionMemory>(); // by whether it is the CPU: all GPUs are alike
        var memories = new List<DeviceMemory>();
        foreach (var device in devices.Select(Devices.ResolveAuto))
        {
            var isCpu = device.Kind == DeviceKind.Cpu;
            var isFurther = known.TryGetValue(isCpu, out var memory);
            known[isCpu] = memory = isFurther ? memory : Devices.MemoryFor(model, device, options);
            memories.Add(new(device, isFurther && isCpu ? memory with { Weights = 0 } : memory));
        }
        return memories;
    }
}

/// <summary>What a session takes.</summary>
/// <param name="Device">Where it runs.</param>
/// <param name="Memory">Bytes that it holds.</param>
public sealed record DeviceMemory(DeviceName Device, SessionMemory Memory);
