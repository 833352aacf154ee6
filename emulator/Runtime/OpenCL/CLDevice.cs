namespace ILGPU.Runtime.OpenCL;

/// <summary>A device of OpenCL; the emulator finds none.</summary>
public sealed class CLDevice : Device
{
    private CLDevice() { }

    public string PlatformName { get; private set; } = "";

    public string VendorName { get; private set; } = "";

    public CLDeviceType DeviceType { get; private set; }

    public CLDeviceVersion DeviceVersion { get; private set; }

    public CLCapabilityContext Capabilities { get; private set; } = new();

    public override Accelerator CreateAccelerator(Context context) => CreateCLAccelerator(context);

    public CLAccelerator CreateCLAccelerator(Context context) => new(context, this);
}

/// <summary>A device of OpenCL in use.</summary>
public sealed class CLAccelerator : Accelerator
{
    internal CLAccelerator(Context context, CLDevice device)
        : base(context, device) { }
}

/// <summary>What a device is.</summary>
[Flags]
public enum CLDeviceType
{
    CL_DEVICE_TYPE_DEFAULT = 1 << 0,
    CL_DEVICE_TYPE_CPU = 1 << 1,
    CL_DEVICE_TYPE_GPU = 1 << 2,
    CL_DEVICE_TYPE_ACCELERATOR = 1 << 3,
}

/// <summary>The version of OpenCL that a device has.</summary>
public readonly record struct CLDeviceVersion(int Major, int Minor)
{
    /// <summary>The version as people write it.</summary>
    public override string ToString() => $"{Major}.{Minor}";
}

/// <summary>What a device can do.</summary>
public sealed class CLCapabilityContext
{
    public bool GenericAddressSpace { get; private set; }
}
