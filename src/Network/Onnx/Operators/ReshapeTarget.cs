using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Network.Onnx;

/// <summary>Resolves the shape that a Reshape asks for and checks that it moves no element.</summary>
internal static class ReshapeTarget
{
    /// <summary>A target shape without its batch axis, copied and inferred axes filled in.</summary>
    /// <param name="operation">The Reshape.</param>
    /// <param name="dims">The present axes, <see cref="Constant.BatchSize"/> first.</param>
    /// <param name="target">The shape it asks for.</param>
    public static long[] PerImage(OnnxOperation operation, long[] dims, long[] target)
    {
        var current = dims[1..];
        var elements = current.Aggregate(1L, (count, size) => count * size);
        if (target is not [var batch, .. var rest] || rest.Contains(Constant.BatchSize))
        {
            throw operation.Unsupported(
                $"reshapes {DimsText(current)} to a shape without batch",
                "Keep the batch first."
            );
        }
        var keepsBatch = batch is 0 or Constant.BatchSize || batch == operation.Importer.StaticBatch;
        if (!keepsBatch && (batch != -1 || rest.Contains(-1)))
        {
            throw operation.Unsupported(
                $"reshapes {DimsText(current)} to [{string.Join(", ", target)}], which mixes the images of a batch",
                "Keep the batch first."
            );
        }
        return Resolved(operation, rest, current, elements);
    }

    /// <summary>Replaces 0 by the present size and -1 by what is left.</summary>
    /// <param name="operation">The Reshape.</param>
    /// <param name="target">The sizes it asks for.</param>
    /// <param name="current">The present sizes.</param>
    /// <param name="elements">Their product.</param>
    public static long[] Resolved(OnnxOperation operation, long[] target, long[] current, long elements)
    {
        var sizes = target.Select((size, i) => size == 0 && i < current.Length ? current[i] : size).ToArray();
        var known = sizes.Where(size => size != -1).ToArray();
        var isFitting =
            TensorSize.TryCount(known, out var count)
            && elements % count == 0
            && (known.Length == sizes.Length ? count == elements : known.Length == sizes.Length - 1);
        return isFitting
            ? Array.ConvertAll(sizes, size => size == -1 ? elements / count : size)
            : throw operation.Fault(
                $"reshapes [{string.Join(", ", current)}] to [{string.Join(", ", target)}], which has another number of elements."
            );
    }

    /// <summary>Gives the axes larger than 1 their new places, or makes one axis of all of them.</summary>
    /// <param name="operation">The node.</param>
    /// <param name="feature">What it reads.</param>
    /// <param name="perImage">The new sizes after the batch.</param>
    public static Operand Apply(OnnxOperation operation, Feature feature, long[] perImage)
    {
        var dims = feature.Dims();
        var larger = Enumerable.Range(1, dims.Length - 1).Where(i => dims[i] != 1).ToList();
        if (larger.Count > 1 && perImage is [_])
        {
            return new FlattenedMap(operation, feature);
        }
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

    private static string DimsText(long[] perImage) => $"[N, {string.Join(", ", perImage)}]";
}
