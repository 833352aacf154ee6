using ILGpuMobileNet.Network.Onnx;

namespace ILGpuMobileNet.Network.TensorFlow;

/// <summary>The operators with which Keras's Reshape asks for the batch: Shape, then StridedSlice, then Pack.</summary>
internal static class TfjsShapes
{
    private static readonly OnnxAttribute _firstAxis = NodeAttribute.Of("axes", [0]);

    /// <summary>One size, or several in a row, of a shape.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="node">The node.</param>
    public static void StridedSlice(TfjsGraph graph, TfjsNode node)
    {
        var inputs = node.Required(4);
        var bounds = Array.ConvertAll(inputs[1..], name => graph.Integers(node, name));
        var isOther = node.Integer("ellipsis_mask") != 0 || node.Integer("new_axis_mask") != 0;
        if (isOther || bounds is not [[var start], [var end], [1]])
        {
            throw node.Fault("slices something else than a shape, or with a step.");
        }
        start = node.Integer("begin_mask") == 0 ? start : 0;
        var isSingle = node.Integer("shrink_axis_mask") != 0;
        if (isSingle || node.Integer("end_mask") != 0)
        {
            end = isSingle && start != -1 ? start + 1 : int.MaxValue;
        }
        var slice = isSingle ? node.Origin with { Output = $"{node.Name}:slice" } : node.Origin;
        OnnxAttribute[] range = [NodeAttribute.Of("starts", [start]), NodeAttribute.Of("ends", [end])];
        graph.Values.InOwnOrder(slice, "Slice", [inputs[0]], range);
        if (isSingle)
        {
            graph.Values.InOwnOrder(node.Origin, "Squeeze", [slice.Output], _firstAxis);
        }
    }

    /// <summary>Several sizes as a shape.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="node">The node.</param>
    public static void Pack(TfjsGraph graph, TfjsNode node)
    {
        var parts = new string[node.Inputs.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            var part = node.Origin with { Output = $"{node.Name}:{i}" };
            graph.Values.InOwnOrder(part, "Unsqueeze", [node.Inputs[i]], _firstAxis);
            parts[i] = part.Output;
        }
        graph.Values.InOwnOrder(node.Origin, "Concat", parts, NodeAttribute.Of("axis", [0]));
    }
}
