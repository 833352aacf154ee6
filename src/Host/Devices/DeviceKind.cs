namespace ILGpuMobileNet.Host;

/// <summary>What runs a network.</summary>
public enum DeviceKind
{
    /// <summary>The best device there is: CUDA, else an OpenCL GPU, else the CPU. Only in requests.</summary>
    Auto,

    /// <summary>The CPU's vector instructions, all cores.</summary>
    Cpu,

    /// <summary>An NVIDIA GPU.</summary>
    Cuda,

    /// <summary>An OpenCL device.</summary>
    OpenCl,

    /// <summary>ILGPU's CPU accelerator: the GPU kernels on CPU threads, for checks and debugging.</summary>
    IlgpuCpu,
}
