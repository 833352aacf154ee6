using ILGpuMobileNet.Network.Onnx;

namespace ILGpuMobileNet.Network.TensorFlow;

/// <summary>Makes the attributes of ONNX nodes.</summary>
internal static class NodeAttribute
{
    /// <summary>Whole numbers.</summary>
    /// <param name="name">Name of the attribute.</param>
    /// <param name="values">The numbers.</param>
    public static OnnxAttribute Of(string name, params long[] values) =>
        new(name, 0, values is [var single] ? single : 0, "", null, [], [.. values]);

    /// <summary>A number.</summary>
    /// <param name="name">Name of the attribute.</param>
    /// <param name="value">The number.</param>
    public static OnnxAttribute Of(string name, float value) => new(name, value, 0, "", null, [], []);

    /// <summary>A text.</summary>
    /// <param name="name">Name of the attribute.</param>
    /// <param name="value">The text.</param>
    public static OnnxAttribute Of(string name, string value) => new(name, 0, 0, value, null, [], []);
}
