using ILGPU;
using ILGPU.Runtime;
using Kernel = System.Action<
    ILGPU.Runtime.AcceleratorStream,
    ILGPU.KernelConfig,
    ILGPU.ArrayView<float>,
    ILGPU.ArrayView<float>,
    ILGPU.ArrayView<int>,
    ILGpuMobileNet.Kernels.Gpu.TopKShape
>;

namespace ILGpuMobileNet.Kernels.Gpu;

/// <summary>What the kernel of <see cref="TopK"/> computes.</summary>
/// <param name="rows">Images N.</param>
/// <param name="channels">Values of a row.</param>
/// <param name="count">Of which the largest are wanted.</param>
internal readonly struct TopKShape(int rows, int channels, int count)
{
    public readonly int Rows = rows;
    public readonly int Channels = channels;
    public readonly int Count = count;
}

/// <summary>
/// The largest values of every row and where they are, in descending order; of equal ones the first comes first, and
/// what is not a number comes after all numbers. Every value's place is how many come before it, so that the time
/// does not depend on how many are wanted and no thread waits for another.
/// </summary>
public sealed class TopK
{
    private readonly DeviceLimits _limits;
    private readonly int _channels;
    private readonly Kernel _kernel;

    /// <summary>Compiles the kernel.</summary>
    /// <param name="accelerator">The device.</param>
    /// <param name="channels">Values of a row.</param>
    /// <param name="count">How many of them are wanted, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A row has not as many values.</exception>
    public TopK(Accelerator accelerator, int channels, int count)
    {
        ArgumentNullException.ThrowIfNull(accelerator);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, channels);
        (_channels, Count) = (channels, count);
        _limits = DeviceLimits.Of(accelerator.Device);
        _kernel = accelerator.LoadKernel<ArrayView<float>, ArrayView<float>, ArrayView<int>, TopKShape>(RankKernel);
    }

    /// <summary>See <see cref="GpuOperation.Kernels"/>.</summary>
    internal static IEnumerable<Delegate> Kernels => [RankKernel];

    /// <summary>Values wanted of every row.</summary>
    public int Count { get; }

    /// <summary>Puts the kernel into a stream.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="input">Rows <c>[N, C]</c>; may be longer.</param>
    /// <param name="batch">Rows N.</param>
    /// <param name="values">Receives the values, <c>[N, Count]</c>; may be longer.</param>
    /// <param name="indices">Receives their places in the rows, <c>[N, Count]</c>; may be longer.</param>
    /// <exception cref="ArgumentOutOfRangeException">The batch is below 1.</exception>
    /// <exception cref="ArgumentException">A view is too short.</exception>
    /// <exception cref="OverflowException">There are more values than 32 bits count.</exception>
    public void Launch(
        AcceleratorStream stream,
        ArrayView<float> input,
        int batch,
        ArrayView<float> values,
        ArrayView<int> indices
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batch, 1);
        var valueCount = checked(batch * _channels);
        LaunchShape.CheckLength(input.Length, valueCount, nameof(input));
        LaunchShape.CheckLength(values.Length, batch * Count, nameof(values));
        LaunchShape.CheckLength(indices.Length, batch * Count, nameof(indices));
        var config = LaunchShape.Flat(_limits, valueCount);
        _kernel(stream, config, input, values, indices, new(batch, _channels, Count));
    }

    /// <summary>The kernel; one thread for each value.</summary>
    private static void RankKernel(
        ArrayView<float> input,
        ArrayView<float> values,
        ArrayView<int> indices,
        TopKShape shape
    )
    {
        var i = Grid.IdxX * Group.DimX + Group.IdxX;
        var (row, c) = (i / shape.Channels, i % shape.Channels);
        if (row >= shape.Rows)
        {
            return;
        }
        var value = input[i];
        var rank = RankOf(input, row * shape.Channels, shape.Channels, new(value, c));
        if (rank < shape.Count)
        {
            values[row * shape.Count + rank] = value;
            indices[row * shape.Count + rank] = c;
        }
    }

    private static int RankOf(ArrayView<float> input, int first, int channels, Entry entry)
    {
        var rank = 0;
        for (var c = 0; c < channels; c++)
        {
            rank += entry.Follows(input[first + c], c);
        }
        return rank;
    }

    /// <summary>A value with its place in the row.</summary>
    private readonly struct Entry(float value, int index)
    {
        private readonly float _value = value;
        private readonly int _index = index;
        private readonly bool _isNumber = !float.IsNaN(value);

        /// <summary>1 when it comes after another one, else 0.</summary>
        public int Follows(float value, int index)
        {
            var larger = value > _value || (!_isNumber && !float.IsNaN(value));
            var firstOfEqual = index < _index && (value == _value || !_isNumber);
            return larger || firstOfEqual ? 1 : 0;
        }
    }
}
