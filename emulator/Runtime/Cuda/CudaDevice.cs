namespace ILGPU.Runtime.Cuda;

/// <summary>A device of CUDA; the emulator finds none.</summary>
public sealed class CudaDevice : Device
{
    private CudaDevice() { }

    public override Accelerator CreateAccelerator(Context context) => CreateCudaAccelerator(context);

    public CudaAccelerator CreateCudaAccelerator(Context context) => new(context, this);
}

/// <summary>A device of CUDA in use.</summary>
public sealed class CudaAccelerator : Accelerator
{
    internal CudaAccelerator(Context context, CudaDevice device)
        : base(context, device) { }
}
