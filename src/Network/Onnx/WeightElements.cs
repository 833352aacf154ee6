namespace ILGpuMobileNet.Network.Onnx;

/// <summary>
/// The elements of a weight, read or computed when they are first asked for: a network can be known without its weights.
/// </summary>
/// <param name="count">How many there are.</param>
/// <param name="read">Reads or computes them.</param>
internal sealed class WeightElements(int count, Func<float[]> read)
{
    private float[]? _values;

    /// <summary>Elements that are known already.</summary>
    /// <param name="values">The elements.</param>
    public static WeightElements Of(float[] values) => new(values.Length, () => values);

    /// <summary>How many there are.</summary>
    public int Count => count;

    /// <summary>The tensor of the file that they are, in its order; null where they are made of other numbers.</summary>
    public OnnxTensor? Tensor { get; init; }

    /// <summary>Whether they are computed from those of another weight.</summary>
    public bool AreDerived { get; init; }

    /// <summary>The elements.</summary>
    public float[] Values => _values ??= read();
}
