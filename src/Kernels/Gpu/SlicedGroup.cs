using ILGPU;

namespace ILGpuMobileNet.Kernels.Gpu;

/// <summary>
/// A group that computes few sums of many summands: every one of its threads sums a slice of them for one of some
/// neighbouring columns, and then they add up what each has. The order depends on the summands' number only.
/// </summary>
internal static class SlicedGroup
{
    /// <summary>Columns, in <see cref="Float4"/>; 64 neighbouring bytes, so that every sector read is used whole.</summary>
    public const int Columns = 4;

    /// <summary>Threads of a column; a power of 2.</summary>
    public const int Slices = 64;

    /// <summary>Threads of the group, those of a slice one after the other.</summary>
    public const int ThreadCount = Columns * Slices;

    /// <summary>Adds the slices up; the sum of column <c>c</c> of row <c>r</c> is then at <c>r · ThreadCount + c</c>.</summary>
    /// <param name="sums">What every thread has, <c>[rows, ThreadCount]</c>, in shared memory.</param>
    /// <param name="rowCount">Rows.</param>
    public static void AddUp(ArrayView<Float4> sums, int rowCount)
    {
        for (var half = ThreadCount / 2; half >= Columns; half /= 2)
        {
            Group.Barrier();
            if (Group.IdxX < half)
            {
                AddRows(sums, rowCount, half);
            }
        }
        Group.Barrier();
    }

    private static void AddRows(ArrayView<Float4> sums, int rowCount, int distance)
    {
        for (var row = 0; row < rowCount; row++)
        {
            var i = row * ThreadCount + Group.IdxX;
            sums[i] = sums[i] + sums[i + distance];
        }
    }
}
