namespace ILGPU.Runtime.CPU;

/// <summary>An emulated device in use.</summary>
public sealed class CPUAccelerator : Accelerator
{
    internal CPUAccelerator(Context context, CPUDevice device)
        : base(context, device) { }
}
