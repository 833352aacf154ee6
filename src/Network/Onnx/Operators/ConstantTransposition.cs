using System.Collections.Immutable;

namespace ILGpuMobileNet.Network.Onnx;

/// <summary>Reorders the axes of weights.</summary>
internal static class ConstantTransposition
{
    /// <summary>A weight with its axes in another order.</summary>
    /// <param name="operation">The node that asks for it.</param>
    /// <param name="weight">The weight.</param>
    /// <param name="order">The old axis at each new place.</param>
    public static Constant Apply(OnnxOperation operation, Constant weight, int[] order)
    {
        ImmutableArray<int> dims = [.. order.Select(axis => weight.Dims[axis])];
        var suffix = order is [1, 0] ? "transposed" : $"transposed_{string.Join("", order)}";
        return operation.Importer.Weights.Derive(weight, suffix, dims, () => Transposed(weight, order, dims));
    }

    private static float[] Transposed(Constant weight, int[] order, ImmutableArray<int> dims)
    {
        var strides = new int[order.Length];
        for (int axis = order.Length - 1, stride = 1; axis >= 0; axis--)
        {
            strides[axis] = stride;
            stride *= weight.Dims[axis];
        }
        var steps = Array.ConvertAll(order, axis => strides[axis]);
        var source = weight.Floats!.Values;
        var result = new float[source.Length];
        var position = new int[order.Length];
        for (int i = 0, origin = 0; i < result.Length; i++)
        {
            result[i] = source[origin];
            origin += Advance(position, dims, steps);
        }
        return result;
    }

    /// <summary>Goes to the next position, last axis fastest.</summary>
    /// <returns>How far that is in the source.</returns>
    private static int Advance(int[] position, ImmutableArray<int> dims, int[] steps)
    {
        var distance = 0;
        for (var axis = position.Length - 1; axis >= 0; axis--)
        {
            distance += steps[axis];
            if (++position[axis] < dims[axis])
            {
                return distance;
            }
            position[axis] = 0;
            distance -= dims[axis] * steps[axis];
        }
        return distance;
    }
}
