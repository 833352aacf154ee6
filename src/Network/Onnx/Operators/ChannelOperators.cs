namespace ILGpuMobileNet.Network.Onnx;

/// <summary>Joins and takes apart the channels of computed values; shapes go to <see cref="ShapeOperators"/>.</summary>
internal static class ChannelOperators
{
    public static Operand Concat(OnnxOperation operation)
    {
        var inputs = Enumerable.Range(0, operation.InputCount);
        if (inputs.All(index => operation.Operand(index) is Constant))
        {
            return ShapeOperators.Concat(operation);
        }
        var features = inputs.Select(operation.Feature).ToList();
        var first = features[0];
        var axis = CheckedChannelAxis(operation, first, "joins");
        var value = operation.Builder.Concat(operation.LayerName(), [.. features.Select(feature => feature.Value)]);
        var joined = first.WithChannels(value);
        var other = features.Find(feature =>
            feature.ChannelAxis != axis || !feature.WithChannels(value).Axes.SequenceEqual(joined.Axes)
        );
        return other is null
            ? joined
            : throw operation.Unsupported(
                $"joins {first.DimsText()} and {other.DimsText()}",
                "Join values whose axes have one order."
            );
    }

    public static Operand Slice(OnnxOperation operation)
    {
        if (operation.Operand(0) is Constant)
        {
            return ShapeOperators.Slice(operation);
        }
        var feature = operation.Feature(0);
        var (first, count) = (0, feature.Value.Shape.Channels);
        foreach (var bounds in SliceBounds.Read(operation, feature.Axes.Length))
        {
            if (bounds.Axis == feature.ChannelAxis)
            {
                (first, count) = bounds.Within(count);
            }
            else if (!TakesAll(bounds, feature.Dims()[bounds.Axis]))
            {
                throw operation.Unsupported(
                    $"slices axis {bounds.Axis} of {feature.DimsText()}",
                    "Slice the channels only."
                );
            }
        }
        return Part(operation, feature, first, count);
    }

    public static Operand Split(OnnxOperation operation)
    {
        var feature = operation.Feature(0);
        CheckedChannelAxis(operation, feature, "splits", absent: 0);
        var sizes = SplitSizes(operation, feature.Value.Shape.Channels);
        var first = (int)sizes[0];
        for (var i = 1; i < sizes.Length; i++)
        {
            if (operation.IsRead(i))
            {
                operation.Define(i, Part(operation, feature, first, (int)sizes[i]));
            }
            first += (int)sizes[i];
        }
        return Part(operation, feature, 0, (int)sizes[0]);
    }

    private static Feature Part(OnnxOperation operation, Feature feature, int first, int count) =>
        count == feature.Value.Shape.Channels
            ? feature
            : feature.WithChannels(operation.Builder.SliceChannels(operation.LayerName(), feature.Value, first, count));

    private static int CheckedChannelAxis(OnnxOperation operation, Feature feature, string what, long? absent = null)
    {
        if (absent is null && !operation.HasAttribute("axis"))
        {
            throw operation.Fault("has no axis.");
        }
        var axis = operation.CheckedAxis(operation.Integer("axis", absent ?? 0), feature.Axes.Length);
        return axis == feature.ChannelAxis
            ? axis
            : throw operation.Unsupported($"{what} axis {axis} of {feature.DimsText()}", "Use the channels.");
    }

    private static bool TakesAll(SliceBounds bounds, long size)
    {
        if (size == Constant.BatchSize)
        {
            return bounds is { Start: 0, End: >= int.MaxValue };
        }
        return bounds.Within((int)size).Count == size;
    }

    private static long[] SplitSizes(OnnxOperation operation, int channels)
    {
        var parts = operation.OutputCount;
        var isInput = operation.Importer.Opset >= 13;
        long[] sizes =
            !isInput ? [.. operation.Integers("split")]
            : operation.HasInput(1) ? operation.Integers(1)
            : [];
        if (sizes.Length == 0)
        {
            // Equal parts; the last one may be smaller.
            var size = (channels + parts - 1L) / parts;
            sizes = [.. Enumerable.Range(0, parts).Select(i => Math.Min(size, channels - i * size))];
        }
        sizes = WithRest(sizes, channels);
        var isFitting =
            sizes.Length == parts && sizes.All(size => size >= 1 && size <= channels) && sizes.Sum() == channels;
        return isFitting
            ? sizes
            : throw operation.Fault(
                $"splits {channels} channels into {parts} parts of [{string.Join(", ", sizes)}], which do not add up."
            );
    }

    /// <summary>One size may be -1, as TensorFlow has it: what the others leave.</summary>
    private static long[] WithRest(long[] sizes, int channels)
    {
        var rest = Array.IndexOf(sizes, -1L);
        return rest >= 0 && sizes.All(size => size >= -1 && size <= channels)
            ? [.. sizes[..rest], channels - (sizes.Sum() - sizes[rest]), .. sizes[(rest + 1)..]]
            : sizes;
    }
}
