using System.Globalization;
using ILGPU;
using ILGPU.Runtime;

namespace ILGpuMobileNet.Kernels.Gpu;

/// <summary>An operation whose threads are numbered through, so that groups of any size give the same result.</summary>
internal abstract class FlatOperation : GpuOperation
{
    private DeviceLimits _limits;
    private int _chosenSize;
    private int _chosenFrom = int.MaxValue; // threads

    /// <summary>What the threads compute, without the batch.</summary>
    protected abstract string Shape { get; }

    /// <summary>Threads with work.</summary>
    /// <param name="batch">Images.</param>
    /// <exception cref="ArgumentException">They are more than kernels can index.</exception>
    protected abstract int ThreadCount(int batch);

    /// <summary>Compiles the kernel.</summary>
    /// <param name="accelerator">The device.</param>
    /// <param name="weights">The packed weights on it.</param>
    protected abstract void LoadKernel(Accelerator accelerator, ArrayView<Float4> weights);

    /// <summary>Launches the kernel.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="groups">The groups.</param>
    /// <param name="threadCount">Threads with work; groups may have more.</param>
    /// <param name="operands">Where to read and write.</param>
    protected abstract void LaunchKernel(
        AcceleratorStream stream,
        KernelConfig groups,
        int threadCount,
        in GpuOperands operands
    );

    /// <summary>The groups of a launch.</summary>
    /// <param name="batch">Images.</param>
    /// <param name="threadCount">Threads with work.</param>
    protected virtual KernelConfig Groups(int batch, int threadCount) =>
        LaunchShape.Flat(threadCount, GroupSize(_limits, threadCount));

    /// <summary>Lets a choice replace the rule for the largest batch.</summary>
    /// <param name="choice">The choice.</param>
    /// <param name="maximalBatch">Images of the largest batch.</param>
    public void Choose(ILaunchChoice choice, int maximalBatch)
    {
        if (choice.GroupSizeFor(Problem(maximalBatch)) is { } size)
        {
            (_chosenSize, _chosenFrom) = (size, ThreadCount(maximalBatch));
        }
    }

    /// <inheritdoc/>
    public override LaunchVariants? VariantsFor(int maximalBatch, DeviceLimits limits)
    {
        var chosen = GroupSize(limits, ThreadCount(maximalBatch));
        var sizes = LaunchShape.GroupSizes.Where(size => size <= limits.MaximalGroupSize).Append(chosen).Distinct();
        return new(
            Problem(maximalBatch),
            NameOf(chosen),
            [.. sizes.Select(size => new LaunchVariant(NameOf(size), new FixedLaunches(default, size)))]
        );
    }

    /// <inheritdoc/>
    public sealed override void Load(Accelerator accelerator, ArrayView<Float4> weights)
    {
        _limits = DeviceLimits.Of(accelerator.Device);
        LoadKernel(accelerator, weights);
    }

    /// <inheritdoc/>
    public sealed override void Launch(AcceleratorStream stream, in GpuOperands operands)
    {
        var threadCount = ThreadCount(operands.Batch);
        LaunchKernel(stream, Groups(operands.Batch, threadCount), threadCount, operands);
    }

    private LaunchProblem Problem(int batch) =>
        new(GetType().Name, string.Create(CultureInfo.InvariantCulture, $"{Shape}, batch {batch}"));

    private int GroupSize(DeviceLimits limits, int threadCount) =>
        threadCount >= _chosenFrom
            ? Math.Min(_chosenSize, limits.MaximalGroupSize)
            : LaunchShape.GroupSizeFor(limits, threadCount);

    private static string NameOf(int size) => size.ToString(CultureInfo.InvariantCulture);
}
