using ILGPU.Emulation;

namespace ILGPU.Runtime;

public static partial class KernelLoaders
{
    public static Action<AcceleratorStream, KernelConfig, T1, T2, T3, T4> LoadKernel<T1, T2, T3, T4>(
        this Accelerator accelerator,
        Action<T1, T2, T3, T4> action
    )
        where T1 : struct
        where T2 : struct
        where T3 : struct
        where T4 : struct => new Kernel<T1, T2, T3, T4>(accelerator, action).Launch;

    public static Action<KernelConfig, T1, T2, T3, T4> LoadStreamKernel<T1, T2, T3, T4>(
        this Accelerator accelerator,
        Action<T1, T2, T3, T4> action
    )
        where T1 : struct
        where T2 : struct
        where T3 : struct
        where T4 : struct => new Kernel<T1, T2, T3, T4>(accelerator, action).LaunchInDefaultStream;

    public static Action<AcceleratorStream, KernelConfig, T1, T2, T3, T4> LoadKernel<T1, T2, T3, T4>(
        this Accelerator accelerator,
        Action<T1, T2, T3, T4> action,
        KernelSpecialization specialization
    )
        where T1 : struct
        where T2 : struct
        where T3 : struct
        where T4 : struct => new Kernel<T1, T2, T3, T4>(accelerator, action) { Specialization = specialization }.Launch;

    public static Action<KernelConfig, T1, T2, T3, T4> LoadStreamKernel<T1, T2, T3, T4>(
        this Accelerator accelerator,
        Action<T1, T2, T3, T4> action,
        KernelSpecialization specialization
    )
        where T1 : struct
        where T2 : struct
        where T3 : struct
        where T4 : struct =>
        new Kernel<T1, T2, T3, T4>(accelerator, action) { Specialization = specialization }.LaunchInDefaultStream;

    public static Action<AcceleratorStream, TIndex, T1, T2, T3, T4> LoadAutoGroupedKernel<TIndex, T1, T2, T3, T4>(
        this Accelerator accelerator,
        Action<TIndex, T1, T2, T3, T4> action
    )
        where TIndex : struct, IIndex
        where T1 : struct
        where T2 : struct
        where T3 : struct
        where T4 : struct => new ImplicitKernel<TIndex, T1, T2, T3, T4>(accelerator, action, 0).Launch;

    public static Action<TIndex, T1, T2, T3, T4> LoadAutoGroupedStreamKernel<TIndex, T1, T2, T3, T4>(
        this Accelerator accelerator,
        Action<TIndex, T1, T2, T3, T4> action
    )
        where TIndex : struct, IIndex
        where T1 : struct
        where T2 : struct
        where T3 : struct
        where T4 : struct => new ImplicitKernel<TIndex, T1, T2, T3, T4>(accelerator, action, 0).LaunchInDefaultStream;

    public static Action<AcceleratorStream, TIndex, T1, T2, T3, T4> LoadImplicitlyGroupedKernel<TIndex, T1, T2, T3, T4>(
        this Accelerator accelerator,
        Action<TIndex, T1, T2, T3, T4> action,
        int customGroupSize
    )
        where TIndex : struct, IIndex
        where T1 : struct
        where T2 : struct
        where T3 : struct
        where T4 : struct => new ImplicitKernel<TIndex, T1, T2, T3, T4>(accelerator, action, customGroupSize).Launch;

    public static Action<TIndex, T1, T2, T3, T4> LoadImplicitlyGroupedStreamKernel<TIndex, T1, T2, T3, T4>(
        this Accelerator accelerator,
        Action<TIndex, T1, T2, T3, T4> action,
        int customGroupSize
    )
        where TIndex : struct, IIndex
        where T1 : struct
        where T2 : struct
        where T3 : struct
        where T4 : struct =>
        new ImplicitKernel<TIndex, T1, T2, T3, T4>(accelerator, action, customGroupSize).LaunchInDefaultStream;

    private sealed class Kernel<T1, T2, T3, T4>(Accelerator accelerator, Action<T1, T2, T3, T4> action)
        : KernelLauncher(accelerator, action, typeof(Func<T1, T2, T3, T4, GroupRun, int>))
        where T1 : struct
        where T2 : struct
        where T3 : struct
        where T4 : struct
    {
        private Func<T1, T2, T3, T4, GroupRun, int>? step;
        private T1 argument1;
        private T2 argument2;
        private T3 argument3;
        private T4 argument4;

        public void Launch(
            AcceleratorStream stream,
            KernelConfig config,
            T1 argument1,
            T2 argument2,
            T3 argument3,
            T4 argument4
        )
        {
            using var scope = Begin(stream);
            Check(argument1);
            Check(argument2);
            Check(argument3);
            Check(argument4);
            this.argument1 = argument1;
            this.argument2 = argument2;
            this.argument3 = argument3;
            this.argument4 = argument4;
            step ??= (Func<T1, T2, T3, T4, GroupRun, int>?)RewrittenStep;
            Execute(config);
        }

        public void LaunchInDefaultStream(
            KernelConfig config,
            T1 argument1,
            T2 argument2,
            T3 argument3,
            T4 argument4
        ) => Launch(DefaultStream, config, argument1, argument2, argument3, argument4);

        public override int Step(GroupRun? run)
        {
            if (run != null && step != null)
            {
                return step(argument1, argument2, argument3, argument4, run);
            }

            action(argument1, argument2, argument3, argument4);
            return 0;
        }
    }

    private sealed class ImplicitKernel<TIndex, T1, T2, T3, T4>(
        Accelerator accelerator,
        Action<TIndex, T1, T2, T3, T4> action,
        int groupSize
    ) : KernelLauncher(accelerator, action, typeof(Func<TIndex, T1, T2, T3, T4, GroupRun, int>))
        where TIndex : struct, IIndex
        where T1 : struct
        where T2 : struct
        where T3 : struct
        where T4 : struct
    {
        private Func<TIndex, T1, T2, T3, T4, GroupRun, int>? step;
        private TIndex extent;
        private T1 argument1;
        private T2 argument2;
        private T3 argument3;
        private T4 argument4;

        public void Launch(
            AcceleratorStream stream,
            TIndex extent,
            T1 argument1,
            T2 argument2,
            T3 argument3,
            T4 argument4
        )
        {
            using var scope = Begin(stream);
            Check(argument1);
            Check(argument2);
            Check(argument3);
            Check(argument4);
            step ??= (Func<TIndex, T1, T2, T3, T4, GroupRun, int>?)RewrittenStep;
            this.extent = extent;
            this.argument1 = argument1;
            this.argument2 = argument2;
            this.argument3 = argument3;
            this.argument4 = argument4;
            Execute(Divide(extent, groupSize));
        }

        public void LaunchInDefaultStream(TIndex extent, T1 argument1, T2 argument2, T3 argument3, T4 argument4) =>
            Launch(DefaultStream, extent, argument1, argument2, argument3, argument4);

        public override int Step(GroupRun? run)
        {
            if (!ImplicitIndex.TryGet(extent, out var index))
            {
                return 0;
            }

            if (run != null && step != null)
            {
                return step(index, argument1, argument2, argument3, argument4, run);
            }

            action(index, argument1, argument2, argument3, argument4);
            return 0;
        }
    }
}
