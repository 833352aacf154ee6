namespace ILGpuMobileNet.Network.Onnx;

/// <summary>What a Slice takes of one axis, with step 1.</summary>
/// <param name="Axis">The axis.</param>
/// <param name="Start">First index; negative ones count from the end.</param>
/// <param name="End">Index after the last; negative ones count from the end, large ones are the end.</param>
internal readonly record struct SliceBounds(int Axis, long Start, long End)
{
    /// <summary>Reads the bounds of a Slice: attributes before operator set 10, then inputs.</summary>
    /// <param name="operation">The node.</param>
    /// <param name="rank">Axes of what it reads.</param>
    public static SliceBounds[] Read(OnnxOperation operation, int rank)
    {
        long[] List(int index, string attribute) =>
            operation.Importer.Opset < 10 ? [.. operation.Integers(attribute)]
            : operation.HasInput(index) ? operation.Integers(index)
            : [];
        var (starts, ends, axes) = (List(1, "starts"), List(2, "ends"), List(3, "axes"));
        axes = axes.Length > 0 ? axes : [.. Enumerable.Range(0, starts.Length).Select(i => (long)i)];
        if (List(4, "steps").Any(step => step != 1))
        {
            throw operation.Unsupported("slices with a step", "Slice with step 1.");
        }
        var places = axes.Select(axis => operation.CheckedAxis(axis, rank)).ToArray();
        return starts.Length == ends.Length && starts.Length == axes.Length && places.Distinct().Count() == axes.Length
            ? [.. places.Select((place, i) => new SliceBounds(place, starts[i], ends[i]))]
            : throw operation.Fault(
                $"has {starts.Length} starts, {ends.Length} ends and the axes [{string.Join(", ", axes)}], expected one of each."
            );
    }

    /// <summary>The range within an axis.</summary>
    /// <param name="size">Size of the axis.</param>
    public (int First, int Count) Within(int size)
    {
        var first = (int)Math.Clamp(Start < 0 ? Start + size : Start, 0, size);
        var end = (int)Math.Clamp(End < 0 ? End + size : End, 0, size);
        return (first, Math.Max(0, end - first));
    }
}
