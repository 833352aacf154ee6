using System.Collections.Immutable;
using ILGpuMobileNet.Network.Architectures;

namespace ILGpuMobileNet.Network.Weights;

/// <summary>Brings a file's tensor into the graph's order of axes, <c>[O, I, H, W]</c>, <c>[O, I]</c> or <c>[C]</c>.</summary>
internal static class AxisOrder
{
    private const int Rank = 4;

    /// <summary>Outputs that are transposed at a time: their rows stay in the cache while the inputs go by.</summary>
    private const int BlockSize = 16;

    /// <summary>The tensor as a parameter wants it; its elements are not copied where the order is the same.</summary>
    /// <param name="tensor">The file's tensor, of the shape that the parameter has in files.</param>
    /// <param name="parameter">The parameter.</param>
    public static Tensor ToGraph(Tensor tensor, StoredParameter parameter)
    {
        var data = IsKept(parameter, tensor.Shape.Length)
            ? tensor.Data
            : Transposed(tensor, parameter.AxesAt(tensor.Shape.Length)!.Value);
        return new(parameter.Parameter.Shape, data);
    }

    /// <summary>Whether a parameter wants a file's tensor in the order that it has.</summary>
    /// <param name="parameter">The parameter.</param>
    /// <param name="rank">Axes of the tensor.</param>
    public static bool IsKept(StoredParameter parameter, int rank)
    {
        var axes = parameter.AxesAt(rank)!.Value;
        return axes.SequenceEqual(axes.Order());
    }

    private static float[] Transposed(Tensor tensor, ImmutableArray<int> axes)
    {
        Span<int> sizes = [1, 1, 1, 1];
        Span<int> strides = stackalloc int[Rank];
        var stride = 1;
        for (var axis = axes.Length - 1; axis >= 0; axis--)
        {
            sizes[axes[axis]] = tensor.Shape[axis];
            strides[axes[axis]] = stride;
            stride *= tensor.Shape[axis];
        }
        var result = new float[tensor.Data.Length];
        var taps = sizes[2] * sizes[3];
        for (var tap = 0; tap < taps; tap++)
        {
            var offset = tap / sizes[3] * strides[2] + tap % sizes[3] * strides[3];
            Transpose(
                tensor.Data.Span[offset..],
                result.AsSpan(tap),
                (sizes[0], strides[0], sizes[1] * taps),
                (sizes[1], strides[1], taps)
            );
        }
        return result;
    }

    private static void Transpose(
        ReadOnlySpan<float> source,
        Span<float> destination,
        (int Count, int From, int To) outputs,
        (int Count, int From, int To) inputs
    )
    {
        for (var first = 0; first < outputs.Count; first += BlockSize)
        {
            var end = Math.Min(first + BlockSize, outputs.Count);
            for (var i = 0; i < inputs.Count; i++)
            {
                for (var o = first; o < end; o++)
                {
                    destination[o * outputs.To + i * inputs.To] = source[o * outputs.From + i * inputs.From];
                }
            }
        }
    }
}
