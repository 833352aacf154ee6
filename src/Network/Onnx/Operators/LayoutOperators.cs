using System.Collections.Immutable;

namespace ILGpuMobileNet.Network.Onnx;

/// <summary>
/// Operators that rename axes. On computed values they move no element, because the network's own layout stays
/// <c>[N, H, W, C]</c>: only axes of size 1 come and go, and the order of the axes is remembered.
/// </summary>
internal static class LayoutOperators
{
    public static Operand Flatten(OnnxOperation operation)
    {
        var feature = operation.Feature(0);
        var axis = operation.CheckedAxis(operation.Integer("axis", 1), feature.Axes.Length + 1);
        if (axis == 0 || feature.Axes[1..axis].Any(merged => merged != Axis.One))
        {
            throw operation.Unsupported(
                $"flattens {feature.DimsText()} at axis {axis}",
                "Keep the batch as its own axis."
            );
        }
        return Reshaped(operation, feature, [feature.Value.Shape.ElementCount]);
    }

    public static Operand Reshape(OnnxOperation operation)
    {
        var target = operation.Integers(1);
        if (operation.Integer("allowzero", 0) != 0 && target.Contains(0))
        {
            throw operation.Fault("asks for an axis of size 0.");
        }
        if (operation.Settled(0) is Constant constant)
        {
            var dims = Array.ConvertAll<int, long>([.. constant.Dims], size => size);
            var count = (long)(constant.Floats?.Length ?? constant.Integers!.Length);
            return WithDims(operation, constant, Resolved(operation, target, dims, count));
        }
        var feature = operation.Feature(0);
        return Reshaped(operation, feature, PerImage(operation, feature, target));
    }

    public static Operand Squeeze(OnnxOperation operation)
    {
        var axes = AxesList(operation);
        if (operation.Settled(0) is Constant constant)
        {
            var removed = axes.Select(axis => operation.CheckedAxis(axis, constant.Dims.Length)).ToHashSet();
            var kept = constant.Dims.Where((size, i) => axes.Length == 0 ? size != 1 : !removed.Contains(i));
            return WithDims(operation, constant, [.. kept.Select(size => (long)size)]);
        }
        var feature = operation.Feature(0);
        var squeezed = axes.Select(axis => operation.CheckedAxis(axis, feature.Axes.Length)).ToHashSet();
        if (squeezed.Any(i => feature.Axes[i] != Axis.One))
        {
            throw operation.Fault($"removes axes [{string.Join(", ", axes)}] of {feature.DimsText()}; they must be 1.");
        }
        var remaining = feature.Axes.Where((axis, i) => axes.Length == 0 ? axis != Axis.One : !squeezed.Contains(i));
        return feature with { Axes = [.. remaining] };
    }

    public static Operand Unsqueeze(OnnxOperation operation)
    {
        var axes = AxesList(operation);
        if (operation.Settled(0) is Constant constant)
        {
            var sizes = Inserted(operation, axes, [.. constant.Dims], 1);
            return WithDims(operation, constant, [.. sizes.Select(size => (long)size)]);
        }
        var feature = operation.Feature(0);
        var inserted = Inserted(operation, axes, feature.Axes, Axis.One);
        return inserted[0] == Axis.Batch
            ? feature with
            {
                Axes = inserted,
            }
            : throw operation.Unsupported("inserts an axis before the batch", "Keep the batch first.");
    }

    public static Operand Transpose(OnnxOperation operation)
    {
        var operand = operation.Settled(0);
        var rank = operand is Constant constant ? constant.Dims.Length : operation.Feature(0).Axes.Length;
        var listed = operation.Integers("perm");
        int[] order = listed.IsEmpty
            ? [.. Enumerable.Range(0, rank).Reverse()]
            : [.. listed.Select(axis => operation.CheckedAxis(axis, rank))];
        if (!order.Order().SequenceEqual(Enumerable.Range(0, rank)))
        {
            throw operation.Fault($"has perm [{string.Join(", ", listed)}] for {rank} axes.");
        }
        if (operand is Constant)
        {
            return Transposed(operation, operation.Weight(0), order);
        }
        var feature = operation.Feature(0);
        return order is [0, ..]
            ? feature with
            {
                Axes = [.. order.Select(axis => feature.Axes[axis])],
            }
            : throw operation.Unsupported("moves the batch", "Keep the batch first.");
    }

    /// <summary>A weight with its axes in another order.</summary>
    /// <param name="operation">The node that asks for it.</param>
    /// <param name="weight">The weight.</param>
    /// <param name="order">The old axis at each new place.</param>
    public static Constant Transposed(OnnxOperation operation, Constant weight, int[] order)
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
        var result = new float[weight.Floats!.Length];
        var position = new int[order.Length];
        for (int i = 0, origin = 0; i < result.Length; i++)
        {
            result[i] = weight.Floats[origin];
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

    private static long[] AxesList(OnnxOperation operation)
    {
        if (operation.Importer.Opset < 13)
        {
            return [.. operation.Integers("axes")];
        }
        return operation.HasInput(1) ? operation.Integers(1) : [];
    }

    private static ImmutableArray<T> Inserted<T>(OnnxOperation operation, long[] axes, ImmutableArray<T> items, T one)
    {
        var rank = items.Length + axes.Length;
        var places = axes.Select(axis => operation.CheckedAxis(axis, rank)).ToHashSet();
        if (places.Count != axes.Length || rank > Weights.TensorSize.MaxRank)
        {
            throw operation.Fault($"inserts axes [{string.Join(", ", axes)}] into {items.Length} axes.");
        }
        var next = 0;
        return [.. Enumerable.Range(0, rank).Select(place => places.Contains(place) ? one : items[next++])];
    }

    private static Constant WithDims(OnnxOperation operation, Constant constant, long[] dims)
    {
        var isFitting =
            Weights.TensorSize.TryCount(dims, out var count)
            && count == (constant.Floats?.Length ?? constant.Integers!.Length);
        return isFitting
            ? constant with
            {
                Name = operation.OutputName,
                Dims = [.. dims.Select(size => (int)size)],
            }
            : throw operation.Fault($"gives {constant.DimsText} the axes [{string.Join(", ", dims)}].");
    }

    /// <summary>A target shape without its batch axis, copied and inferred axes filled in.</summary>
    private static long[] PerImage(OnnxOperation operation, Feature feature, long[] target)
    {
        var elements = feature.Value.Shape.ElementCount;
        if (target is not [var batch, .. var rest] || rest.Contains(Constant.BatchSize))
        {
            throw operation.Unsupported(
                $"reshapes {feature.DimsText()} to a shape without batch",
                "Keep the batch first."
            );
        }
        var current = feature.Dims()[1..];
        var keepsBatch = batch is 0 or Constant.BatchSize || batch == operation.Importer.StaticBatch;
        if (!keepsBatch && (batch != -1 || rest.Contains(-1)))
        {
            throw operation.Unsupported(
                $"reshapes {feature.DimsText()} to [{string.Join(", ", target)}], which mixes the images of a batch",
                "Keep the batch first."
            );
        }
        return Resolved(operation, rest, current, elements);
    }

    /// <summary>Replaces 0 by the present size and -1 by what is left.</summary>
    private static long[] Resolved(OnnxOperation operation, long[] target, long[] current, long elements)
    {
        var sizes = target.Select((size, i) => size == 0 && i < current.Length ? current[i] : size).ToArray();
        var known = sizes.Where(size => size != -1).ToArray();
        var isFitting =
            Weights.TensorSize.TryCount(known, out var count)
            && elements % count == 0
            && (known.Length == sizes.Length ? count == elements : known.Length == sizes.Length - 1);
        return isFitting
            ? Array.ConvertAll(sizes, size => size == -1 ? elements / count : size)
            : throw operation.Fault(
                $"reshapes [{string.Join(", ", current)}] to [{string.Join(", ", target)}], which has another number of elements."
            );
    }

    private static Feature Reshaped(OnnxOperation operation, Feature feature, long[] perImage)
    {
        var dims = feature.Dims();
        var larger = Enumerable.Range(1, dims.Length - 1).Where(i => dims[i] != 1).ToList();
        if (!perImage.Where(size => size != 1).SequenceEqual(larger.Select(i => dims[i])))
        {
            throw operation.Unsupported(
                $"reshapes {feature.DimsText()} to [N, {string.Join(", ", perImage)}]",
                "Pool to one position per channel before flattening."
            );
        }
        var next = 0;
        var axes = perImage.Select(size => size == 1 ? Axis.One : feature.Axes[larger[next++]]);
        return feature with { Axes = [Axis.Batch, .. axes] };
    }
}
