using ILGpuMobileNet.Network.Onnx;

namespace ILGpuMobileNet.Network.TensorFlow;

/// <summary>
/// The operators with which Keras's Reshape asks for the batch: Shape, then StridedSlice, then Pack. StridedSlice takes
/// channels too.
/// </summary>
internal static class TfjsShapes
{
    private static readonly OnnxAttribute _firstAxis = NodeAttribute.Of("axes", [0]);

    /// <summary>One size of a shape; or several in a row, or a range of channels.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="node">The node.</param>
    public static void StridedSlice(TfjsGraph graph, TfjsNode node)
    {
        var inputs = node.Required(4);
        var bounds = Array.ConvertAll(inputs[1..], name => graph.Integers(node, name));
        if (node.Integer("shrink_axis_mask") != 0)
        {
            Size(graph, node, bounds);
            return;
        }
        var masks = (node.Integer("begin_mask"), node.Integer("end_mask"), node.Integer("ellipsis_mask"));
        var ranges = node.Integer("new_axis_mask") == 0 ? TensorRange.Of(bounds, masks) : null;
        graph.Values.Slice(
            node.Origin,
            inputs[0],
            ranges ?? throw node.Fault("adds an axis, or slices with a step or other than one range of an axis.")
        );
    }

    private static void Size(TfjsGraph graph, TfjsNode node, long[][] bounds)
    {
        var isOther = node.Integer("ellipsis_mask") != 0 || node.Integer("new_axis_mask") != 0;
        if (isOther || bounds is not [[var start], [_], [1]])
        {
            throw node.Fault("takes an axis away from something else than a shape.");
        }
        start = node.Integer("begin_mask") == 0 ? start : 0;
        var slice = node.Origin with { Output = $"{node.Name}:slice" };
        graph.Values.Slice(slice, node.Inputs[0], [new(0, start, start == -1 ? int.MaxValue : start + 1)]);
        graph.Values.InOwnOrder(node.Origin, "Squeeze", [slice.Output], _firstAxis);
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
