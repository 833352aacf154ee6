namespace ILGPU.Runtime.Cuda;

/// <summary>A device of CUDA; the emulator finds none.</summary>
public sealed class CudaDevice : Device
{
    private CudaDevice() { }

    public CudaArchitecture? Architecture { get; private set; }

    public CudaInstructionSet? InstructionSet { get; private set; }

    public CudaDriverVersion DriverVersion { get; private set; }

    public override Accelerator CreateAccelerator(Context context) => CreateCudaAccelerator(context);

    public CudaAccelerator CreateCudaAccelerator(Context context) => new(context, this);
}

/// <summary>A device of CUDA in use.</summary>
public sealed class CudaAccelerator : Accelerator
{
    internal CudaAccelerator(Context context, CudaDevice device)
        : base(context, device) { }
}

/// <summary>The compute capability of a device.</summary>
public readonly record struct CudaArchitecture(int Major, int Minor)
{
    /// <summary>The name that the compilers have for it.</summary>
    public override string ToString() => $"SM_{Major}{Minor}";
}

/// <summary>A version of PTX.</summary>
public readonly record struct CudaInstructionSet(int Major, int Minor);

/// <summary>The version of a driver.</summary>
public readonly record struct CudaDriverVersion(int Major, int Minor)
{
    /// <summary>The version as people write it.</summary>
    public override string ToString() => $"{Major}.{Minor}";
}
