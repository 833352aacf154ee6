using System.Collections.Immutable;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;

namespace ILGPU;

/// <summary>The devices that a program may use; only emulated ones here.</summary>
public sealed class Context : IDisposable
{
    private Context(ImmutableArray<Device> devices) => Devices = devices;

    /// <summary>Says that this is the emulator.</summary>
    public static string Version => "1.5.3 (emulated)";

    public ImmutableArray<Device> Devices { get; }

    public static Builder Create() => new();

    public static Context Create(Action<Builder> buildingCallback)
    {
        var builder = Create();
        buildingCallback(builder);
        return builder.ToContext();
    }

    public static Context CreateDefault() => Create(builder => builder.Default().AllAccelerators());

    public TDevice GetDevice<TDevice>(int deviceIndex)
        where TDevice : Device => GetDevices<TDevice>()[deviceIndex];

    public DeviceCollection<TDevice> GetDevices<TDevice>()
        where TDevice : Device => new([.. Devices.OfType<TDevice>()]);

    public Device GetPreferredDevice(bool preferCPU) => Devices[0];

    public ImmutableArray<Device>.Enumerator GetEnumerator() => Devices.GetEnumerator();

    public void Dispose() { }

    /// <summary>The devices of one kind.</summary>
    public readonly ref struct DeviceCollection<TDevice>
        where TDevice : Device
    {
        private readonly List<TDevice> devices;

        internal DeviceCollection(List<TDevice> devices) => this.devices = devices;

        public int Count => devices.Count;

        public TDevice this[int deviceIndex]
        {
            get
            {
                ArgumentOutOfRangeException.ThrowIfNegative(deviceIndex);
                return deviceIndex < Count
                    ? devices[deviceIndex]
                    : throw new NotSupportedException($"There is no {typeof(TDevice).Name} {deviceIndex}.");
            }
        }

        public List<TDevice>.Enumerator GetEnumerator() => devices.GetEnumerator();
    }

    /// <summary>Chooses the devices of a context.</summary>
    public sealed class Builder
    {
        internal List<Device> Registered { get; } = [];

        public Builder Default() => this;

        public Builder AllAccelerators() => AllAccelerators(_ => true);

        public Builder AllAccelerators(Predicate<Device> predicate)
        {
            Registered.AddRange(CPUDevice.All.Where(device => predicate(device)));
            return this;
        }

        public Builder Optimize(OptimizationLevel level) => this;

        public Builder Math(MathMode mathMode) => this;

        public Builder Assertions() => this;

        public Builder Debug() => this;

        public Builder Release() => this;

        public Context ToContext() => new([.. Registered]);
    }
}
