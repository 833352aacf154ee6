using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;

namespace ILGpuMobileNet.Emulator.Tests.Portable;

/// <summary>A device with warps of 32 threads and groups of up to 256, for one test.</summary>
internal sealed class Device : IDisposable
{
    private readonly Context context = Context.Create(builder =>
        builder.CPU(new CPUDevice(32, 8, 1)).EnableAlgorithms()
    );

    public Device() => Accelerator = context.GetCPUDevice(0).CreateCPUAccelerator(context);

    public Accelerator Accelerator { get; }

    public void Dispose()
    {
        Accelerator.Dispose();
        context.Dispose();
    }
}
