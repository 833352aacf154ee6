namespace ILGPU.Runtime.OpenCL;

/// <summary>A device of OpenCL; the emulator finds none.</summary>
public sealed class CLDevice : Device
{
    private CLDevice() { }

    public override Accelerator CreateAccelerator(Context context) => CreateCLAccelerator(context);

    public CLAccelerator CreateCLAccelerator(Context context) => new(context, this);
}

/// <summary>A device of OpenCL in use.</summary>
public sealed class CLAccelerator : Accelerator
{
    internal CLAccelerator(Context context, CLDevice device)
        : base(context, device) { }
}
