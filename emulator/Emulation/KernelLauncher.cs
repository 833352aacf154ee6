using System.Reflection;
using System.Runtime.CompilerServices;
using ILGPU.Rewriting;
using ILGPU.Runtime;

namespace ILGPU.Emulation;

/// <summary>A loaded kernel: checks a launch and executes its groups, one after the other.</summary>
internal abstract class KernelLauncher : IKernelBody
{
    private readonly MethodInfo method;
    private readonly RewrittenKernel rewritten;
    private readonly StepScheduler steps = new();

    protected KernelLauncher(Accelerator accelerator, Delegate kernel, Type stepType)
    {
        accelerator.EnsureUsable(null);
        KernelVisibility.Ensure(kernel);
        Accelerator = accelerator;
        method = kernel.Method;
        rewritten = RewrittenKernel.Of(method, stepType);
        if (rewritten.Refusal != null)
        {
            // Right for every kernel, but every wait costs a switch of threads.
            accelerator.Counters.LoadedSlow(method.Name, rewritten.Refusal);
        }
    }

    /// <summary>The kernel that returns where its threads wait; null where they never do.</summary>
    protected Delegate? RewrittenStep => rewritten.Step;

    protected Accelerator Accelerator { get; }
    protected AcceleratorStream DefaultStream => Accelerator.DefaultStream;

    public abstract int Step(GroupRun? run);

    public KernelSpecialization Specialization { get; init; }

    /// <summary>Keeps others from launching or copying until the scope ends.</summary>
    protected Lock.Scope Begin(AcceleratorStream stream)
    {
        Accelerator.EnsureUsable(stream);
        return Accelerator.Gate.EnterScope();
    }

    /// <summary>Refuses a view of another accelerator or of a disposed buffer.</summary>
    protected void Check<T>(T argument)
        where T : struct => ArgumentCheck<T>.Check?.Invoke(argument, Accelerator);

    /// <summary>Executes the grid.</summary>
    protected void Execute(KernelConfig config)
    {
        EnsureAllowed(config);
        Accelerator.Injection.Launching();
        var run = Accelerator.Run;
        run.BeginLaunch(method.Name, config, rewritten);
        var log = Accelerator.Counters.CountTransactions
            ? new AccessLog(method.Name, run.GroupSize, Accelerator.WarpSize)
            : null;
        run.Log = log;
        try
        {
            for (var z = 0; z < config.GridDim.Z; z++)
            for (var y = 0; y < config.GridDim.Y; y++)
            for (var x = 0; x < config.GridDim.X; x++)
            {
                run.BeginGroup(new Index3D(x, y, z));
                if (rewritten.Refusal != null)
                {
                    Accelerator.Threads.Execute(run, this);
                }
                else
                {
                    steps.Execute(run, this);
                }

                run.EndGroup();
            }
        }
        finally
        {
            run.Log = null;
            run.EndGroup();
            log?.EndLaunch();
            Accelerator.Counters.Launched(log?.Counters, run.BarrierCount);
        }
    }

    /// <summary>The grid of an extent that the device divides into groups itself.</summary>
    protected KernelConfig Divide<TIndex>(TIndex extent, int groupSize)
        where TIndex : struct, IIndex
    {
        var (x, y, z) = ImplicitIndex.Extent(extent);
        var size = groupSize > 0 ? groupSize : Math.Min(Accelerator.MaxNumThreadsPerGroup, Accelerator.WarpSize);
        return new KernelConfig(new Index3D((x + size - 1) / size, y, z), new Index3D(size, 1, 1));
    }

    private void EnsureAllowed(KernelConfig config)
    {
        var group = config.GroupDim;
        var grid = config.GridDim;
        var shared = config.SharedMemoryConfig.ArraySize;
        var refusal =
            !config.IsValid ? "is empty"
            : group.LongSize > Accelerator.MaxNumThreadsPerGroup
                ? $"has more than {Accelerator.MaxNumThreadsPerGroup} threads in a group"
            : group.LongSize > Specialization.MaxNumThreadsPerGroup
                ? $"has more threads in a group than the {Specialization.MaxNumThreadsPerGroup} it was specialised for"
            : !group.InBoundsInclusive(Accelerator.MaxGroupSize)
                ? $"exceeds the largest group {Accelerator.MaxGroupSize}"
            : !grid.InBoundsInclusive(Accelerator.MaxGridSize) ? $"exceeds the largest grid {Accelerator.MaxGridSize}"
            : shared > Accelerator.MaxSharedMemoryPerGroup
                ? $"asks for {shared} of {Accelerator.MaxSharedMemoryPerGroup} bytes of shared memory for a group"
            : null;
        if (refusal != null)
        {
            var what = $"The launch of {method.Name} with a grid {grid} of groups {group} {refusal}";
            throw KernelFault.Of(FaultKind.LaunchConfiguration, what, default);
        }
    }
}

/// <summary>Indices of kernels whose extent the device divides into groups itself.</summary>
internal static class ImplicitIndex
{
    public static (int X, int Y, int Z) Extent<TIndex>(TIndex extent)
        where TIndex : struct, IIndex =>
        extent switch
        {
            Index1D one => (one.X, 1, 1),
            LongIndex1D one => (checked((int)one.X), 1, 1),
            Index2D two => (two.X, two.Y, 1),
            Index3D three => (three.X, three.Y, three.Z),
            _ => throw new NotSupportedException($"{typeof(TIndex)} is no index that a kernel can have."),
        };

    /// <summary>The index of the thread that runs; false where it lies outside the extent.</summary>
    public static bool TryGet<TIndex>(TIndex extent, out TIndex index)
        where TIndex : struct, IIndex
    {
        var (x, y, z) = Grid.GlobalIndex;
        var limit = Extent(extent);
        object boxed =
            typeof(TIndex) == typeof(Index1D) ? new Index1D(x)
            : typeof(TIndex) == typeof(LongIndex1D) ? new LongIndex1D(x)
            : typeof(TIndex) == typeof(Index2D) ? new Index2D(x, y)
            : new Index3D(x, y, z);
        index = Unsafe.Unbox<TIndex>(boxed);
        return x < limit.X && y < limit.Y && z < limit.Z;
    }
}
