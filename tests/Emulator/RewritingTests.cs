using System.Diagnostics;
using ILGPU;
using ILGPU.Emulation;
using ILGPU.Runtime;

namespace ILGpuMobileNet.Emulator.Tests;

/// <summary>Kernels whose threads wait, in every shape of code; no test runs beside it, for threads are counted.</summary>
[CollectionDefinition(nameof(RewritingTests), DisableParallelization = true)]
[Collection(nameof(RewritingTests))]
public sealed class RewritingTests : IDisposable
{
    private readonly Portable.Device device = new();

    private Accelerator Accelerator => device.Accelerator;

    public void Dispose() => device.Dispose();

    [Fact]
    public void Keeps_variables_of_all_kinds_while_threads_wait()
    {
        var kernel = Accelerator.LoadStreamKernel<ArrayView<int>, int, Pair>(VariablesKernel);
        Check(
            kernel,
            (i, n) =>
                (i % 3) switch
                {
                    0 => i + n,
                    1 => 2 * i + n,
                    _ => n,
                }
                + 7
                + i
        );
    }

    [Fact]
    public void Goes_on_in_the_middle_of_nested_loops()
    {
        var kernel = Accelerator.LoadStreamKernel<ArrayView<int>, int, Pair>(LoopKernel);
        Check(kernel, (i, n) => n * 4 * ((i + 1) % 64));
    }

    [Fact]
    public void Knows_the_type_that_a_kernel_is_made_for()
    {
        var kernel = Accelerator.LoadStreamKernel<ArrayView<int>, int, Pair>(GenericKernel<Twice>);
        Check(kernel, (i, n) => 2 * (63 - i) + n);
    }

    [Fact]
    public void Takes_kernels_that_are_lambdas()
    {
        var kernel = Accelerator.LoadStreamKernel<ArrayView<int>, int, Pair>(
            static (output, n, pair) =>
            {
                var shared = SharedMemory.Allocate<int>(64);
                shared[Group.IdxX] = Group.IdxX;
                Group.Barrier();
                output[Group.IdxX] = shared[63 - Group.IdxX] + n;
            }
        );
        using var output = Accelerator.Allocate1D<int>(64);
        kernel((1, 64), output.View, 3, default);
        Assert.Equal(Enumerable.Range(0, 64).Select(i => 66 - i), output.GetAsArray1D());
    }

    [Fact]
    public void Executes_what_it_cannot_rewrite_on_threads()
    {
        var kernel = Accelerator.LoadStreamKernel<ArrayView<int>, int, Pair>(ReferenceKernel);
        Assert.Contains(nameof(ReferenceKernel), EmulatedCounters.Of(Accelerator).SlowKernels);
        using var output = Accelerator.Allocate1D<int>(3 * 64);
        kernel((3, 64), output.View, 3, default);
        Assert.Equal(Enumerable.Range(0, 192).Select(i => 3 * ((i + 1) % 64)), output.GetAsArray1D());
    }

    [Fact]
    public void Uses_the_same_threads_for_every_kernel_it_cannot_rewrite()
    {
        using var output = Accelerator.Allocate1D<int>(64);
        Accelerator.LoadStreamKernel<ArrayView<int>, int, Pair>(ReferenceKernel)((1, 64), output.View, 3, default);
        var before = Process.GetCurrentProcess().Threads.Count;
        for (var load = 0; load < 5; load++)
        {
            Accelerator.LoadStreamKernel<ArrayView<int>, int, Pair>(ReferenceKernel)((1, 64), output.View, 3, default);
        }
        Assert.InRange(Process.GetCurrentProcess().Threads.Count, 0, before + 32); // others' threads come and go
    }

    [Fact]
    public void Allocates_nothing_at_a_launch()
    {
        using var output = Accelerator.Allocate1D<int>(64);
        var kernel = Accelerator.LoadStreamKernel<ArrayView<int>, int, Pair>(LoopKernel);
        kernel((1, 64), output.View, 1, default);
        var before = GC.GetAllocatedBytesForCurrentThread();
        kernel((1, 64), output.View, 1, default);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private void Check(Action<KernelConfig, ArrayView<int>, int, Pair> kernel, Func<int, int, int> expected)
    {
        Assert.Empty(EmulatedCounters.Of(Accelerator).SlowKernels);
        using var output = Accelerator.Allocate1D<int>(64);
        kernel((1, 64), output.View, 5, new Pair { First = 3, Second = 4 });
        Assert.Equal(Enumerable.Range(0, 64).Select(i => expected(i, 5)), output.GetAsArray1D());
    }

    private static void VariablesKernel(ArrayView<int> output, int n, Pair pair)
    {
        var i = Group.IdxX;
        var wide = (long)i;
        var single = i % 3 == 1 ? 2f : 1f;
        pair.First += 0;
        switch (i % 3)
        {
            case 0:
                n += i;
                break;
            case 1:
                n += (int)(single * i);
                break;
        }

        Group.Barrier();
        var sum = pair;
        sum.First += pair.Second;
        Group.Barrier();
        output[i] = n + sum.First + (int)wide;
    }

    private static void LoopKernel(ArrayView<int> output, int n, Pair pair)
    {
        var shared = SharedMemory.Allocate<int>(64);
        var sum = 0;
        for (var outer = 0; outer < n; outer++)
        {
            for (var inner = 0; inner < 4; inner++)
            {
                shared[Group.IdxX] = Group.IdxX;
                Group.Barrier();
                sum += shared[(Group.IdxX + 1) % 64];
                Group.Barrier();
            }
        }

        output[Group.IdxX] = sum;
    }

    private static void GenericKernel<TFunction>(ArrayView<int> output, int n, Pair pair)
        where TFunction : struct, IFunction
    {
        var shared = SharedMemory.Allocate<int>(64);
        shared[Group.IdxX] = TFunction.Apply(Group.IdxX);
        Group.Barrier();
        output[Group.IdxX] = shared[63 - Group.IdxX] + n;
    }

    private static void ReferenceKernel(ArrayView<int> output, int n, Pair pair)
    {
        var shared = SharedMemory.Allocate<int>(64);
        var sum = 0;
        ref var target = ref sum;
        for (var time = 0; time < n; time++)
        {
            shared[Group.IdxX] = Group.IdxX;
            Group.Barrier();
            target += shared[(Group.IdxX + 1) % 64];
            Group.Barrier();
        }

        output[Grid.GlobalIndex.X] = sum;
    }

    internal interface IFunction
    {
        static abstract int Apply(int x);
    }

    internal readonly struct Twice : IFunction
    {
        public static int Apply(int x) => 2 * x;
    }

    internal struct Pair
    {
        public int First;
        public int Second;
    }
}
