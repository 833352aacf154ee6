using ILGPU;

namespace ILGpuMobileNet.Kernels.Gpu;

/// <summary>What the kernel of <see cref="Linear"/> computes.</summary>
/// <param name="rows">Images N.</param>
/// <param name="inputs">Inputs, in <see cref="Float4"/>.</param>
/// <param name="outputs">Outputs, in <see cref="Float4"/>.</param>
/// <param name="slope">Parameter of the activation.</param>
/// <param name="sums">How the inputs are summed up first.</param>
internal readonly struct LinearShape(int rows, int inputs, int outputs, float slope, SummedInput sums)
{
    public readonly int Rows = rows;
    public readonly int Inputs = inputs;
    public readonly int Outputs = outputs;
    public readonly float Slope = slope;
    public readonly SummedInput Sums = sums;
}

/// <summary>Inputs that come in parts: <c>x = scale · (part 0 + part 1 + ...)</c>.</summary>
/// <param name="partCount">Parts of an input, at least 1.</param>
/// <param name="scale">Factor of the sum.</param>
internal readonly struct SummedInput(int partCount, float scale)
{
    public readonly int PartCount = partCount;
    public readonly float Scale = scale;

    /// <summary>The input itself.</summary>
    public static SummedInput Whole => new(1, 1);
}

/// <summary>
/// A matrix product of few rows, whose time is that of reading the weights: the inputs are split over the threads of a
/// group, so that even a single row keeps a device busy. Every weight read serves as many rows as a thread keeps.
/// </summary>
internal static class LinearKernel
{
    // Inputs in shared memory at a time, in Float4: those of a MobileNet's classifier, and a multiple of the slices.
    private const int Depth = 320;

    /// <summary>Groups of a launch.</summary>
    /// <param name="shape">What is computed.</param>
    /// <param name="rowCount">Rows of a group.</param>
    public static int GroupCount(LinearShape shape, int rowCount) =>
        checked(Blocks(shape.Rows, rowCount) * Blocks(shape.Outputs, SlicedGroup.Columns));

    /// <summary>The kernel; one group for some rows of some neighbouring outputs.</summary>
    public static void SlicesKernel<TRows, TActivation, TGate, TResidual>(MatrixViews views, LinearShape shape)
        where TRows : struct, IRowSums<TRows>
        where TActivation : struct, IActivation
        where TGate : struct, IGate
        where TResidual : struct, IResidual
    {
        var shared = SharedMemory.Allocate<Float4>(TRows.Count * Depth); // the inputs, and then the slices' sums
        var blocks = Blocks(shape.Rows, TRows.Count);
        var at = new MatrixPosition(
            Grid.IdxX % blocks * TRows.Count,
            Grid.IdxX / blocks * SlicedGroup.Columns + Group.IdxX % SlicedGroup.Columns
        );
        var sums = default(TRows);
        for (var k = 0; k < shape.Inputs; k += Depth)
        {
            LoadRows<TRows, TGate>(shared, views, shape, new(at.Row, k));
            Group.Barrier();
            sums = AddSlice(sums, shared, views.Weights, shape, new(k, at.Column));
            Group.Barrier();
        }
        for (var row = 0; row < TRows.Count; row++)
        {
            shared[row * SlicedGroup.ThreadCount + Group.IdxX] = sums[row];
        }
        SlicedGroup.AddUp(shared, TRows.Count);
        Store<TRows, TActivation, TResidual>(shared, views, shape, at);
    }

    private static int Blocks(int count, int size) => (count + size - 1) / size;

    /// <summary>Brings inputs into shared memory, in blocks as <see cref="IRowSums{TSelf}"/> reads them.</summary>
    private static void LoadRows<TRows, TGate>(
        ArrayView<Float4> target,
        MatrixViews views,
        LinearShape shape,
        MatrixPosition origin
    )
        where TRows : struct, IRowSums<TRows>
        where TGate : struct, IGate
    {
        for (var i = Group.IdxX; i < TRows.Count * Depth; i += SlicedGroup.ThreadCount)
        {
            var row = origin.Row + i / PointwiseConvKernel.Depth % TRows.Count;
            var block = i / (PointwiseConvKernel.Depth * TRows.Count);
            var k = origin.Column + block * PointwiseConvKernel.Depth + i % PointwiseConvKernel.Depth;
            if (row < shape.Rows && k < shape.Inputs)
            {
                target[i] = TGate.Apply(Input(views.Input, shape, row, k), views.Gate, row * shape.Inputs + k);
            }
            else
            {
                target[i] = default;
            }
        }
    }

    private static Float4 Input(ArrayView<Float4> input, LinearShape shape, int row, int k)
    {
        var at = row * shape.Sums.PartCount * shape.Inputs + k;
        var sum = input[at];
        for (var part = 1; part < shape.Sums.PartCount; part++)
        {
            sum += input[at + part * shape.Inputs];
        }
        return sum * shape.Sums.Scale;
    }

    private static TRows AddSlice<TRows>(
        TRows sums,
        ArrayView<Float4> rows,
        ArrayView<Float4> weights,
        LinearShape shape,
        MatrixPosition origin
    )
        where TRows : struct, IRowSums<TRows>
    {
        var end = origin.Column < shape.Outputs ? Math.Min(Depth, shape.Inputs - origin.Row) : 0;
        var k = Group.IdxX / SlicedGroup.Columns;
        for (; k + SlicedGroup.Slices < end; k += 2 * SlicedGroup.Slices) // twice the reads under way
        {
            var first = BlockOf(weights, shape, origin, k);
            var second = BlockOf(weights, shape, origin, k + SlicedGroup.Slices);
            sums = sums.Add(first, rows, RowsAt<TRows>(k)).Add(second, rows, RowsAt<TRows>(k + SlicedGroup.Slices));
        }
        return k < end ? sums.Add(BlockOf(weights, shape, origin, k), rows, RowsAt<TRows>(k)) : sums;
    }

    private static WeightBlock BlockOf(ArrayView<Float4> weights, LinearShape shape, MatrixPosition origin, int k)
    {
        var at = 4 * (origin.Row + k) * shape.Outputs + origin.Column;
        return new(
            weights[at],
            weights[at + shape.Outputs],
            weights[at + 2 * shape.Outputs],
            weights[at + 3 * shape.Outputs]
        );
    }

    private static int RowsAt<TRows>(int k)
        where TRows : struct, IRowSums<TRows>
    {
        var inBlock = k % PointwiseConvKernel.Depth;
        return (k - inBlock) * TRows.Count + inBlock;
    }

    private static void Store<TRows, TActivation, TResidual>(
        ArrayView<Float4> sums,
        MatrixViews views,
        LinearShape shape,
        MatrixPosition at
    )
        where TRows : struct, IRowSums<TRows>
        where TActivation : struct, IActivation
        where TResidual : struct, IResidual
    {
        var row = Group.IdxX / SlicedGroup.Columns;
        if (row >= TRows.Count || at.Row + row >= shape.Rows || at.Column >= shape.Outputs)
        {
            return;
        }
        var sum = sums[row * SlicedGroup.ThreadCount + Group.IdxX % SlicedGroup.Columns];
        var bias = views.Weights[4 * shape.Inputs * shape.Outputs + at.Column];
        var index = (at.Row + row) * shape.Outputs + at.Column;
        var value = (sum + bias).Activate<TActivation>(shape.Slope);
        views.Output[index] = TResidual.Add(value, views.Residual, index);
    }
}
