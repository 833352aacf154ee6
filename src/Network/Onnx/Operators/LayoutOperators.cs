using System.Collections.Immutable;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Network.Onnx;

/// <summary>
/// Operators that rename axes. On computed values they move no element, because the network's own layout stays
/// <c>[N, H, W, C]</c>: only axes of size 1 come and go, and the order of the axes is remembered.
/// </summary>
internal static class LayoutOperators
{
    public static Operand Flatten(OnnxOperation operation)
    {
        if (operation.Operand(0) is FlattenedMap map && operation.Integer("axis", 1) is 1 or -1)
        {
            return map;
        }
        var feature = operation.Feature(0);
        var rank = feature.Axes.Length;
        var asked = operation.Integer("axis", 1);
        var axis = asked == rank ? rank : operation.CheckedAxis(asked, rank);
        if (axis == 0 || feature.Axes[1..axis].Any(merged => merged != Axis.One))
        {
            throw operation.Unsupported(
                $"flattens {feature.DimsText()} at axis {asked}",
                "Keep the batch as its own axis."
            );
        }
        return ReshapeTarget.Apply(operation, feature, [feature.Value.Shape.ElementCount]);
    }

    public static Operand Reshape(OnnxOperation operation)
    {
        var target = operation.Integers(1);
        if (operation.Integer("allowzero", 0) != 0 && target.Contains(0))
        {
            throw operation.Fault("asks for an axis of size 0.");
        }
        if (operation.Operand(0) is Constant constant)
        {
            var dims = Array.ConvertAll<int, long>([.. constant.Dims], size => size);
            return WithDims(operation, constant, ReshapeTarget.Resolved(operation, target, dims, constant.Count));
        }
        if (operation.Operand(0) is SplitChannels split)
        {
            return split.Joined(operation, ReshapeTarget.PerImage(operation, split.Dims(), target));
        }
        var feature = operation.Feature(0);
        var perImage = ReshapeTarget.PerImage(operation, feature.Dims(), target);
        return SplitChannels.Of(operation, feature, perImage) is { } parts
            ? parts
            : ReshapeTarget.Apply(operation, feature, perImage);
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
        var operand = operation.Operand(0) is SplitChannels channels ? channels : operation.Settled(0);
        var rank = operand switch
        {
            Constant constant => constant.Dims.Length,
            SplitChannels parts => parts.Dims().Length,
            _ => operation.Feature(0).Axes.Length,
        };
        var listed = operation.Integers("perm");
        int[] order = listed.IsEmpty
            ? [.. Enumerable.Range(0, rank).Reverse()]
            : [.. listed.Select(axis => operation.CheckedAxis(axis, rank))];
        if (!order.Order().SequenceEqual(Enumerable.Range(0, rank)))
        {
            throw operation.Fault($"has perm [{string.Join(", ", listed)}] for {rank} axes.");
        }
        if (operand is SplitChannels split)
        {
            return split.Swapped(operation, order);
        }
        if (operand is Constant)
        {
            return ConstantTransposition.Apply(operation, operation.Weight(0), order);
        }
        var feature = operation.Feature(0);
        return order is [0, ..]
            ? feature with
            {
                Axes = [.. order.Select(axis => feature.Axes[axis])],
            }
            : throw operation.Unsupported("moves the batch", "Keep the batch first.");
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
        if (places.Count != axes.Length || rank > TensorSize.MaxRank)
        {
            throw operation.Fault($"inserts axes [{string.Join(", ", axes)}] into {items.Length} axes.");
        }
        var next = 0;
        return [.. Enumerable.Range(0, rank).Select(place => places.Contains(place) ? one : items[next++])];
    }

    private static Constant WithDims(OnnxOperation operation, Constant constant, long[] dims)
    {
        var isFitting = TensorSize.TryCount(dims, out var count) && count == constant.Count;
        return isFitting
            ? constant with
            {
                Name = operation.OutputName,
                Dims = [.. dims.Select(size => (int)size)],
            }
            : throw operation.Fault($"gives {constant.DimsText} the axes [{string.Join(", ", dims)}].");
    }
}
