using ILGpuMobileNet.Network.Onnx;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Network.TensorFlow;

/// <summary>The elements of a constant in the shards, packed or not; the shards are opened while they are read.</summary>
/// <param name="Weights">What reads them.</param>
/// <param name="Tensor">The tensor.</param>
internal sealed record TfjsElements(TfjsWeights Weights, TfjsTensor Tensor)
    : OnnxElements((long)Tensor.ElementCount * sizeof(float), AreRaw: true)
{
    /// <inheritdoc/>
    public override float[] Floats(ElementType type, int count, CancellationToken cancellationToken) =>
        Weights.ReadFloats(Tensor, cancellationToken);

    /// <inheritdoc/>
    public override WireMessage Bytes(CancellationToken cancellationToken)
    {
        var bytes = Weights.ReadBytes(Tensor, cancellationToken);
        return new(bytes, 0, bytes.Length);
    }
}
