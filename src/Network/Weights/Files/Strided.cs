using System.Collections.Immutable;

namespace ILGpuMobileNet.Network.Weights;

/// <summary>Elements that do not lie in row-major order: transposed, cut out or repeated views, and Fortran's order.</summary>
internal static class Strided
{
    /// <summary>Strides of row-major order.</summary>
    /// <param name="shape">The axes.</param>
    public static ImmutableArray<long> RowMajor(ImmutableArray<int> shape)
    {
        var strides = new long[shape.Length];
        var stride = 1L;
        for (var axis = shape.Length - 1; axis >= 0; axis--)
        {
            strides[axis] = stride;
            stride *= shape[axis];
        }
        return [.. strides];
    }

    /// <summary>Strides of column-major order, which NumPy calls Fortran's.</summary>
    /// <param name="shape">The axes.</param>
    public static ImmutableArray<long> ColumnMajor(ImmutableArray<int> shape) =>
        [.. RowMajor([.. shape.Reverse()]).Reverse()];

    /// <summary>Whether strides are those of row-major order; those of axes of one element do not matter.</summary>
    /// <param name="shape">The axes.</param>
    /// <param name="strides">A stride for each.</param>
    public static bool IsRowMajor(ImmutableArray<int> shape, ImmutableArray<long> strides)
    {
        var expected = RowMajor(shape);
        return Enumerable.Range(0, shape.Length).All(axis => shape[axis] == 1 || strides[axis] == expected[axis]);
    }

    /// <summary>
    /// The elements from the first to the last that a view reaches, or null when they are too many for an array or lie
    /// before the first; so strides need no check of their own.
    /// </summary>
    /// <param name="shape">Axes of at least one element.</param>
    /// <param name="strides">A stride for each, whatever a file says.</param>
    public static int? Reach(ImmutableArray<int> shape, ImmutableArray<long> strides)
    {
        var last = Int128.Zero;
        for (var axis = 0; axis < shape.Length; axis++)
        {
            last += (Int128)(shape[axis] - 1) * strides[axis];
        }
        return last < Array.MaxLength && !strides.Any(stride => stride < 0) ? (int)last + 1 : null;
    }

    /// <summary>Puts elements into row-major order.</summary>
    /// <param name="source">The elements that the view reaches.</param>
    /// <param name="shape">The axes.</param>
    /// <param name="strides">A stride for each.</param>
    public static Tensor Gather(ReadOnlySpan<float> source, ImmutableArray<int> shape, ImmutableArray<long> strides)
    {
        var data = new float[shape.Aggregate(1, (product, axis) => product * axis)];
        var index = new int[shape.Length];
        var from = 0L;
        for (var i = 0; i < data.Length; i++)
        {
            data[i] = source[(int)from];
            from += Step(index, shape, strides);
        }
        return new(shape, data);
    }

    // One step along the last axis; an axis that is through starts again and the one before it steps.
    private static long Step(Span<int> index, ImmutableArray<int> shape, ImmutableArray<long> strides)
    {
        var distance = 0L;
        for (var axis = shape.Length - 1; axis >= 0; axis--)
        {
            distance += strides[axis];
            if (++index[axis] < shape[axis])
            {
                break;
            }
            distance -= strides[axis] * shape[axis];
            index[axis] = 0;
        }
        return distance;
    }
}
