using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;

namespace ILGpuMobileNet.Kernels.Gpu;

/// <summary>The interfaces through which ILGPU reaches devices.</summary>
internal enum GpuBackend
{
    /// <summary>NVIDIA's driver.</summary>
    Cuda,

    /// <summary>An OpenCL driver.</summary>
    OpenCl,

    /// <summary>ILGPU's CPU accelerator.</summary>
    Cpu,
}

/// <summary>An opened device with the context that compiles for it.</summary>
internal sealed class GpuDevice : IDisposable
{
    private readonly Context _context;

    private GpuDevice(Context context, Accelerator accelerator) => (_context, Accelerator) = (context, accelerator);

    /// <summary>The device.</summary>
    public Accelerator Accelerator { get; }

    /// <summary>
    /// The CPU accelerator's shape: warps of 32 and groups of up to 256 threads, so that it runs what a GPU would.
    /// </summary>
    public static CPUDevice CpuShape { get; } = new(32, 8, 1);

    /// <summary>Opens a device.</summary>
    /// <param name="backend">How to reach it.</param>
    /// <param name="index">Which one, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such device.</exception>
    /// <exception cref="AcceleratorException">The driver refuses it.</exception>
    public static GpuDevice Open(GpuBackend backend, int index)
    {
        var context = CreateContext(backend);
        try
        {
            var devices = DevicesOf(context, backend);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, devices.Count);
            return new(context, devices[index].CreateAccelerator(context));
        }
        catch
        {
            context.Dispose();
            throw;
        }
    }

    /// <summary>A context that sees every device of a kind, also those that ILGPU would leave out.</summary>
    /// <param name="backend">The kind.</param>
    public static Context CreateContext(GpuBackend backend) => Context.Create(builder => Enable(builder, backend));

    /// <summary>The devices of a kind, in the order of their indices.</summary>
    /// <param name="context">A context for the kind.</param>
    /// <param name="backend">The kind.</param>
    public static IReadOnlyList<Device> DevicesOf(Context context, GpuBackend backend) =>
        [.. context.Devices.Where(device => device.AcceleratorType == TypeOf(backend))];

    /// <summary>Gives the device back, and what is still allocated on it.</summary>
    public void Dispose()
    {
        Accelerator.Dispose();
        _context.Dispose();
    }

    private static void Enable(Context.Builder builder, GpuBackend backend)
    {
        builder.EnableAlgorithms().Optimize(OptimizationLevel.O2);
        switch (backend)
        {
            case GpuBackend.Cuda:
                builder.Cuda((CudaDevice _) => true);
                break;
            case GpuBackend.OpenCl:
                builder.OpenCL(_ => true);
                break;
            default:
                builder.CPU(CpuShape);
                break;
        }
    }

    private static AcceleratorType TypeOf(GpuBackend backend) =>
        backend switch
        {
            GpuBackend.Cuda => AcceleratorType.Cuda,
            GpuBackend.OpenCl => AcceleratorType.OpenCL,
            _ => AcceleratorType.CPU,
        };
}
