namespace ILGPU.Runtime.OpenCL;

/// <summary>Asks for devices of OpenCL, of which the emulator finds none.</summary>
public static class CLContextExtensions
{
    public static Context.Builder OpenCL(this Context.Builder builder) => builder;

    public static Context.Builder OpenCL(this Context.Builder builder, Predicate<CLDevice> predicate) => builder;

    public static CLDevice GetCLDevice(this Context context, int deviceIndex) =>
        context.GetDevice<CLDevice>(deviceIndex);

    public static Context.DeviceCollection<CLDevice> GetCLDevices(this Context context) =>
        context.GetDevices<CLDevice>();

    public static CLAccelerator CreateCLAccelerator(this Context context, int deviceIndex) =>
        context.GetCLDevice(deviceIndex).CreateCLAccelerator(context);
}
