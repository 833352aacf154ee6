namespace ILGpuMobileNet.Network.Weights;

/// <summary>The kinds of files that weights are read from.</summary>
public enum WeightFormat
{
    /// <summary>Safetensors.</summary>
    Safetensors,

    /// <summary>A zip archive as <c>torch.save</c> writes it since PyTorch 1.6.</summary>
    PyTorch,

    /// <summary>A pickle of NumPy arrays as <c>paddle.save</c> writes it.</summary>
    Paddle,

    /// <summary>An ONNX graph.</summary>
    Onnx,

    /// <summary>A TensorFlow Lite graph.</summary>
    TensorFlowLite,

    /// <summary>A TensorFlow.js layers model: <c>model.json</c> with a Keras topology, beside its shards.</summary>
    TensorFlowJsLayers,

    /// <summary>A TensorFlow.js graph model: <c>model.json</c> with a graph, beside its shards.</summary>
    TensorFlowJsGraph,
}
