using ILGPU.Emulation;

namespace ILGPU.Runtime;

/// <summary>A device in use.</summary>
public abstract class Accelerator : IDisposable
{
    private readonly HashSet<AcceleratorObject> children = [];
    private bool isDisposed;
    private GroupRun? run;
    private ThreadScheduler? threads;

    private protected Accelerator(Context context, Device device)
    {
        Context = context;
        Device = device;
        Counters = new EmulatedCounters(this);
        Injection = new FaultInjection();
        DefaultStream = new AcceleratorStream(this);
    }

    public Context Context { get; }
    public Device Device { get; }
    public AcceleratorStream DefaultStream { get; }
    public AcceleratorType AcceleratorType => Device.AcceleratorType;
    public string Name => Device.Name;
    public long MemorySize => Device.MemorySize;
    public Index3D MaxGridSize => Device.MaxGridSize;
    public Index3D MaxGroupSize => Device.MaxGroupSize;
    public int MaxNumThreadsPerGroup => Device.MaxNumThreadsPerGroup;
    public int MaxSharedMemoryPerGroup => Device.MaxSharedMemoryPerGroup;
    public int MaxConstantMemory => Device.MaxConstantMemory;
    public int WarpSize => Device.WarpSize;
    public int NumMultiprocessors => Device.NumMultiprocessors;
    public int MaxNumThreadsPerMultiprocessor => Device.MaxNumThreadsPerMultiprocessor;
    public int MaxNumThreads => Device.MaxNumThreads;

    internal EmulatedCounters Counters { get; }
    internal FaultInjection Injection { get; }

    /// <summary>Held by whoever launches or copies: one at a time.</summary>
    internal Lock Gate { get; } = new();

    /// <summary>What executes the groups of launches; made at the first.</summary>
    internal GroupRun Run => run ??= new GroupRun(this);

    /// <summary>Executes the kernels that could not be rewritten.</summary>
    internal ThreadScheduler Threads => threads ??= new ThreadScheduler();

    public AcceleratorStream CreateStream()
    {
        EnsureUsable(null);
        return new AcceleratorStream(this);
    }

    public void Synchronize() => EnsureUsable(null);

    public MemoryBuffer1D<T, Stride1D.Dense> Allocate1D<T>(long length)
        where T : unmanaged
    {
        EnsureUsable(null);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Injection.Allocating();
        return new MemoryBuffer1D<T, Stride1D.Dense>(this, length);
    }

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    public override string ToString() => Name;

    /// <summary>Refuses work after the accelerator's or the stream's end, and another accelerator's stream.</summary>
    internal void EnsureUsable(AcceleratorStream? stream)
    {
        if (isDisposed || stream?.IsDisposed == true)
        {
            var what = isDisposed ? $"Accelerator {Name}" : "A stream";
            throw KernelFault.Of(FaultKind.Disposed, $"{what} was used after it was disposed", default);
        }

        if (stream != null && stream.Accelerator != this)
        {
            throw KernelFault.Of(FaultKind.WrongAccelerator, "A stream of another accelerator was given", default);
        }
    }

    internal void Add(MemoryBuffer buffer)
    {
        lock (children)
        {
            children.Add(buffer);
            Counters.Allocated(buffer.LengthInBytes);
        }
    }

    internal void Remove(MemoryBuffer buffer)
    {
        lock (children)
        {
            if (children.Remove(buffer))
            {
                Counters.Freed(buffer.LengthInBytes);
            }
        }
    }

    internal void RefreshMemory()
    {
        lock (children)
        {
            foreach (var buffer in children.OfType<MemoryBuffer>())
            {
                buffer.Memory.Refresh();
            }
        }
    }

    protected virtual void Dispose(bool disposing)
    {
        if (isDisposed)
        {
            return;
        }

        isDisposed = true;
        AcceleratorObject[] left;
        lock (children)
        {
            left = [.. children];
        }

        foreach (var child in left)
        {
            child.Dispose();
        }

        threads?.Dispose();
        run?.Dispose();
    }
}
