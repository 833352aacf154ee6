using ILGPU.Runtime;

namespace ILGPU.Emulation;

/// <summary>A kernel or its launch did what no device allows.</summary>
public sealed class KernelFaultException : AcceleratorException
{
    public KernelFaultException() { }

    public KernelFaultException(string message)
        : base(message) { }

    public KernelFaultException(string message, Exception innerException)
        : base(message, innerException) { }

    public FaultKind Kind { get; init; }

    /// <summary>The kernel's name; empty outside a kernel.</summary>
    public string Kernel { get; init; } = "";
    public Index3D Group { get; init; }
    public Index3D Thread { get; init; }

    /// <summary>The element's index in its view, -1 where there is none.</summary>
    public long Element { get; init; } = -1;

    /// <summary>The element's address in its buffer in bytes, -1 where there is none.</summary>
    public long Address { get; init; } = -1;

    /// <summary>Where in the kernel, as far as known.</summary>
    public SourceLine SourceLine { get; init; }
    public override AcceleratorType AcceleratorType => AcceleratorType.CPU;
}
