namespace ILGPU.Runtime.Cuda;

/// <summary>Asks for devices of CUDA, of which the emulator finds none.</summary>
public static class CudaContextExtensions
{
    public static Context.Builder Cuda(this Context.Builder builder) => builder;

    public static Context.Builder Cuda(this Context.Builder builder, Predicate<CudaDevice> predicate) => builder;

    public static CudaDevice GetCudaDevice(this Context context, int deviceIndex) =>
        context.GetDevice<CudaDevice>(deviceIndex);

    public static Context.DeviceCollection<CudaDevice> GetCudaDevices(this Context context) =>
        context.GetDevices<CudaDevice>();

    public static CudaAccelerator CreateCudaAccelerator(this Context context, int deviceIndex) =>
        context.GetCudaDevice(deviceIndex).CreateCudaAccelerator(context);
}
