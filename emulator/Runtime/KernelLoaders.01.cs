using ILGPU.Emulation;

namespace ILGPU.Runtime;

public static partial class KernelLoaders
{
    public static Action<AcceleratorStream, KernelConfig, T1> LoadKernel<T1>(
        this Accelerator accelerator,
        Action<T1> action
    )
        where T1 : struct => new Kernel<T1>(accelerator, action).Launch;

    public static Action<KernelConfig, T1> LoadStreamKernel<T1>(this Accelerator accelerator, Action<T1> action)
        where T1 : struct => new Kernel<T1>(accelerator, action).LaunchInDefaultStream;

    public static Action<AcceleratorStream, KernelConfig, T1> LoadKernel<T1>(
        this Accelerator accelerator,
        Action<T1> action,
        KernelSpecialization specialization
    )
        where T1 : struct => new Kernel<T1>(accelerator, action) { Specialization = specialization }.Launch;

    public static Action<KernelConfig, T1> LoadStreamKernel<T1>(
        this Accelerator accelerator,
        Action<T1> action,
        KernelSpecialization specialization
    )
        where T1 : struct =>
        new Kernel<T1>(accelerator, action) { Specialization = specialization }.LaunchInDefaultStream;

    public static Action<AcceleratorStream, TIndex, T1> LoadAutoGroupedKernel<TIndex, T1>(
        this Accelerator accelerator,
        Action<TIndex, T1> action
    )
        where TIndex : struct, IIndex
        where T1 : struct => new ImplicitKernel<TIndex, T1>(accelerator, action, 0).Launch;

    public static Action<TIndex, T1> LoadAutoGroupedStreamKernel<TIndex, T1>(
        this Accelerator accelerator,
        Action<TIndex, T1> action
    )
        where TIndex : struct, IIndex
        where T1 : struct => new ImplicitKernel<TIndex, T1>(accelerator, action, 0).LaunchInDefaultStream;

    public static Action<AcceleratorStream, TIndex, T1> LoadImplicitlyGroupedKernel<TIndex, T1>(
        this Accelerator accelerator,
        Action<TIndex, T1> action,
        int customGroupSize
    )
        where TIndex : struct, IIndex
        where T1 : struct => new ImplicitKernel<TIndex, T1>(accelerator, action, customGroupSize).Launch;

    public static Action<TIndex, T1> LoadImplicitlyGroupedStreamKernel<TIndex, T1>(
        this Accelerator accelerator,
        Action<TIndex, T1> action,
        int customGroupSize
    )
        where TIndex : struct, IIndex
        where T1 : struct => new ImplicitKernel<TIndex, T1>(accelerator, action, customGroupSize).LaunchInDefaultStream;

    private sealed class Kernel<T1>(Accelerator accelerator, Action<T1> action)
        : KernelLauncher(accelerator, action, typeof(Func<T1, GroupRun, int>))
        where T1 : struct
    {
        private Func<T1, GroupRun, int>? step;
        private T1 argument1;

        public void Launch(AcceleratorStream stream, KernelConfig config, T1 argument1)
        {
            using var scope = Begin(stream);
            Check(argument1);
            this.argument1 = argument1;
            step ??= (Func<T1, GroupRun, int>?)RewrittenStep;
            Execute(config);
        }

        public void LaunchInDefaultStream(KernelConfig config, T1 argument1) =>
            Launch(DefaultStream, config, argument1);

        public override int Step(GroupRun? run)
        {
            if (run != null && step != null)
            {
                return step(argument1, run);
            }

            action(argument1);
            return 0;
        }
    }

    private sealed class ImplicitKernel<TIndex, T1>(Accelerator accelerator, Action<TIndex, T1> action, int groupSize)
        : KernelLauncher(accelerator, action, typeof(Func<TIndex, T1, GroupRun, int>))
        where TIndex : struct, IIndex
        where T1 : struct
    {
        private Func<TIndex, T1, GroupRun, int>? step;
        private TIndex extent;
        private T1 argument1;

        public void Launch(AcceleratorStream stream, TIndex extent, T1 argument1)
        {
            using var scope = Begin(stream);
            Check(argument1);
            step ??= (Func<TIndex, T1, GroupRun, int>?)RewrittenStep;
            this.extent = extent;
            this.argument1 = argument1;
            Execute(Divide(extent, groupSize));
        }

        public void LaunchInDefaultStream(TIndex extent, T1 argument1) => Launch(DefaultStream, extent, argument1);

        public override int Step(GroupRun? run)
        {
            if (!ImplicitIndex.TryGet(extent, out var index))
            {
                return 0;
            }

            if (run != null && step != null)
            {
                return step(index, argument1, run);
            }

            action(index, argument1);
            return 0;
        }
    }
}
