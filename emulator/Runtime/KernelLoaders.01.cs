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

    private sealed class Kernel<T1>(Accelerator accelerator, Action<T1> action) : KernelLauncher(accelerator, action)
        where T1 : struct
    {
        private T1 argument1;

        public void Launch(AcceleratorStream stream, KernelConfig config, T1 argument1)
        {
            using var scope = Begin(stream);
            Check(argument1);
            this.argument1 = argument1;
            Execute(config);
        }

        public void LaunchInDefaultStream(KernelConfig config, T1 argument1) =>
            Launch(DefaultStream, config, argument1);

        public override void Run() => action(argument1);
    }

    private sealed class ImplicitKernel<TIndex, T1>(Accelerator accelerator, Action<TIndex, T1> action, int groupSize)
        : KernelLauncher(accelerator, action)
        where TIndex : struct, IIndex
        where T1 : struct
    {
        private TIndex extent;
        private T1 argument1;

        public void Launch(AcceleratorStream stream, TIndex extent, T1 argument1)
        {
            using var scope = Begin(stream);
            Check(argument1);
            this.extent = extent;
            this.argument1 = argument1;
            Execute(Divide(extent, groupSize));
        }

        public void LaunchInDefaultStream(TIndex extent, T1 argument1) => Launch(DefaultStream, extent, argument1);

        public override void Run()
        {
            if (ImplicitIndex.TryGet(extent, out var index))
            {
                action(index, argument1);
            }
        }
    }
}
