namespace ILGPU.Runtime;

/// <summary>A device and its limits.</summary>
public abstract class Device
{
    // What a device of the usual kind gives a kernel without being asked for more.
    private const int StaticSharedMemory = 48 * 1024;

    public AcceleratorType AcceleratorType { get; protected init; }
    public string Name { get; protected init; } = "";
    public long MemorySize { get; protected init; } = long.MaxValue;
    public Index3D MaxGridSize { get; protected init; } = new(int.MaxValue, ushort.MaxValue, ushort.MaxValue);
    public Index3D MaxGroupSize { get; protected init; }
    public int MaxNumThreadsPerGroup { get; protected init; }
    public int MaxSharedMemoryPerGroup { get; protected init; } = StaticSharedMemory;
    public int MaxConstantMemory { get; protected init; }
    public int WarpSize { get; protected init; }
    public int NumMultiprocessors { get; protected init; }
    public int MaxNumThreadsPerMultiprocessor { get; protected init; }
    public int MaxNumThreads => NumMultiprocessors * MaxNumThreadsPerMultiprocessor;

    public abstract Accelerator CreateAccelerator(Context context);

    public override string ToString() => Name;
}
