using ILGpuMobileNet.Network.Onnx;

namespace ILGpuMobileNet.Network.TensorFlow;

/// <summary>The operators that TensorFlow's file formats share, appended to a graph.</summary>
internal static class TensorOperators
{
    /// <summary>A convolution.</summary>
    /// <param name="graph">Where it is appended.</param>
    /// <param name="origin">The operator.</param>
    /// <param name="inputs">The image, the filter, and the bias where there is one.</param>
    /// <param name="order">Which axes of the filter are output channels, input channels, rows and columns.</param>
    /// <param name="window">Strides, dilations, padding.</param>
    public static void Convolution(
        this ChannelsLastGraph graph,
        Origin origin,
        string[] inputs,
        long[] order,
        TensorWindow window
    )
    {
        var (filter, _) = graph.Constant(origin, inputs[1], 4);
        graph.Convolved(origin, inputs, (graph.Transposed(filter, order), 1), window);
    }

    /// <summary>A convolution of every channel on its own, filter <c>[H, W, C, multiplier]</c>.</summary>
    /// <param name="graph">Where it is appended.</param>
    /// <param name="origin">The operator.</param>
    /// <param name="inputs">The image, the filter, and the bias where there is one.</param>
    /// <param name="window">Strides, dilations, padding.</param>
    public static void DepthwiseConvolution(
        this ChannelsLastGraph graph,
        Origin origin,
        string[] inputs,
        TensorWindow window
    )
    {
        var (filter, axes) = graph.Constant(origin, inputs[1], 4);
        var ordered = graph.Transposed(filter, 2, 3, 0, 1);
        if (axes[3] != 1)
        {
            ordered = graph.Reshaped(ordered, axes[2] * axes[3], 1, axes[0], axes[1]);
        }
        graph.Convolved(origin, inputs, (ordered, axes[2]), window);
    }

    /// <summary>A convolution of every channel on its own, filter <c>[1, H, W, C·multiplier]</c>.</summary>
    /// <param name="graph">Where it is appended.</param>
    /// <param name="origin">The operator.</param>
    /// <param name="inputs">The image, the filter, and the bias where there is one.</param>
    /// <param name="channels">Channels of the image.</param>
    /// <param name="window">Strides, dilations, padding.</param>
    public static void DepthwiseConvolution(
        this ChannelsLastGraph graph,
        Origin origin,
        string[] inputs,
        long channels,
        TensorWindow window
    )
    {
        var (filter, _) = graph.Constant(origin, inputs[1], 4);
        graph.Convolved(origin, inputs, (graph.Transposed(filter, 3, 0, 1, 2), channels), window);
    }

    /// <summary>A batch normalisation with fixed statistics.</summary>
    /// <param name="graph">Where it is appended.</param>
    /// <param name="origin">The operator.</param>
    /// <param name="inputs">The image, scale, offset, mean and variance.</param>
    /// <param name="epsilon">Added to the variance.</param>
    public static void BatchNorm(this ChannelsLastGraph graph, Origin origin, string[] inputs, float epsilon)
    {
        var image = graph.First(graph.Find(origin, inputs[0]));
        var vectors = inputs[1..].Select(vector => graph.Constant(origin, vector, 1).Name);
        graph.Append(
            origin,
            isChannelsFirst: true,
            "BatchNormalization",
            [image, .. vectors],
            NodeAttribute.Of("epsilon", epsilon)
        );
    }

    /// <summary>A function of each element.</summary>
    /// <param name="graph">Where it is appended.</param>
    /// <param name="origin">The operator.</param>
    /// <param name="input">The value.</param>
    /// <param name="node">What ONNX calls it.</param>
    public static void Activation(this ChannelsLastGraph graph, Origin origin, string input, string node)
    {
        if (node == "Clip")
        {
            graph.Bounded(origin, input, 6);
            return;
        }
        var value = graph.Find(origin, input);
        graph.Append(origin, value.IsChannelsFirst, node, [value.Name]);
    }

    /// <summary>A value between 0 and a bound.</summary>
    /// <param name="graph">Where it is appended.</param>
    /// <param name="origin">The operator.</param>
    /// <param name="input">The value.</param>
    /// <param name="most">The bound.</param>
    public static void Bounded(this ChannelsLastGraph graph, Origin origin, string input, float most)
    {
        var value = graph.Find(origin, input);
        OnnxAttribute[] bounds = [NodeAttribute.Of("min", 0f), NodeAttribute.Of("max", most)];
        graph.Append(origin, value.IsChannelsFirst, "Clip", [value.Name], bounds);
    }

    /// <summary>A line through 1/2, between 0 and 1.</summary>
    /// <param name="graph">Where it is appended.</param>
    /// <param name="origin">The operator.</param>
    /// <param name="input">The value.</param>
    /// <param name="slope">Its slope.</param>
    public static void HardSigmoid(this ChannelsLastGraph graph, Origin origin, string input, float slope)
    {
        var value = graph.Find(origin, input);
        var attribute = NodeAttribute.Of("alpha", slope);
        graph.Append(origin, value.IsChannelsFirst, "HardSigmoid", [value.Name], attribute);
    }

    /// <summary>An operator followed by an activation, or by nothing.</summary>
    /// <param name="graph">Where they are appended.</param>
    /// <param name="origin">Both together.</param>
    /// <param name="activation">What ONNX calls the activation, or null.</param>
    /// <param name="append">Appends the operator.</param>
    public static void Activated(this ChannelsLastGraph graph, Origin origin, string? activation, Action<Origin> append)
    {
        if (activation is null)
        {
            append(origin);
            return;
        }
        var linear = origin with { Output = $"{origin.Output}:linear" };
        append(linear);
        graph.Activation(origin with { Name = $"{origin.Name}/activation" }, linear.Output, activation);
    }

    /// <summary>A sum of any number of values of one shape.</summary>
    /// <param name="graph">Where it is appended.</param>
    /// <param name="origin">The operator.</param>
    /// <param name="inputs">The values, at least one.</param>
    public static void Sum(this ChannelsLastGraph graph, Origin origin, string[] inputs)
    {
        var values = Array.ConvertAll(inputs, input => graph.Find(origin, input));
        var isChannelsFirst = Array.Exists(values, value => value.IsChannelsFirst);
        graph.Append(
            origin,
            isChannelsFirst,
            "Sum",
            values.Select(value => isChannelsFirst ? graph.First(value) : value.Name)
        );
    }

    /// <summary>A sum, difference, product, quotient, minimum or maximum of two values, or of a value and a constant.</summary>
    /// <param name="graph">Where it is appended.</param>
    /// <param name="origin">The operator.</param>
    /// <param name="node">What ONNX calls it: Add, Sub, Mul, Div, Min or Max.</param>
    /// <param name="inputs">The two.</param>
    public static void Arithmetic(this ChannelsLastGraph graph, Origin origin, string node, string[] inputs)
    {
        TensorValue[] values = [graph.Find(origin, inputs[0]), graph.Find(origin, inputs[1])];
        var isChannelsFirst = values.Any(value => value.IsChannelsFirst);
        string Fitting(TensorValue value)
        {
            if (value.Axes is { } axes)
            {
                return graph.Broadcast(value.Name, axes, isChannelsFirst);
            }
            return isChannelsFirst ? graph.First(value) : value.Name;
        }
        graph.Append(origin, isChannelsFirst, node, values.Select(Fitting));
    }

    /// <summary>A maximum or mean over windows.</summary>
    /// <param name="graph">Where it is appended.</param>
    /// <param name="origin">The operator.</param>
    /// <param name="input">The image.</param>
    /// <param name="node">What ONNX calls it: MaxPool or AveragePool.</param>
    /// <param name="window">Kernel, strides, padding.</param>
    public static void Pool(this ChannelsLastGraph graph, Origin origin, string input, string node, TensorWindow window)
    {
        var image = graph.First(graph.Find(origin, input));
        graph.Append(origin, isChannelsFirst: true, node, [image], window.Attributes);
    }

    /// <summary>Zeros around an image, which the convolution or mean that follows takes in.</summary>
    /// <param name="graph">Where it is appended.</param>
    /// <param name="origin">The operator.</param>
    /// <param name="input">The image.</param>
    /// <param name="paddings">Before and after the batch, the rows, the columns and the channels.</param>
    public static void Pad(this ChannelsLastGraph graph, Origin origin, string input, long[] paddings)
    {
        if (paddings is not [0, 0, var top, var bottom, var left, var right, 0, 0])
        {
            throw graph.Fault(origin, $"pads by [{string.Join(", ", paddings)}], expected rows and columns only.");
        }
        var image = graph.First(graph.Find(origin, input));
        var pads = NodeAttribute.Of("pads", 0, 0, top, left, 0, 0, bottom, right);
        graph.Append(origin, isChannelsFirst: true, "Pad", [image], pads);
    }

    /// <summary>A mean over axes.</summary>
    /// <param name="graph">Where it is appended.</param>
    /// <param name="origin">The operator.</param>
    /// <param name="input">The value.</param>
    /// <param name="axes">The axes, negative ones counted from the end.</param>
    /// <param name="keepsAxes">Whether they stay, with size 1.</param>
    public static void Mean(this ChannelsLastGraph graph, Origin origin, string input, long[] axes, bool keepsAxes)
    {
        var value = graph.Find(origin, input);
        OnnxAttribute[] Attributes(long[] reduced) =>
            [NodeAttribute.Of("axes", reduced), NodeAttribute.Of("keepdims", keepsAxes ? 1 : 0)];
        if (keepsAxes && value.IsChannelsFirst && axes.All(axis => axis is >= -4 and < 4))
        {
            // Kept as it is, so that a gate's convolutions need no other order of axes.
            long[] places = [0, 2, 3, 1];
            var moved = Array.ConvertAll(axes, axis => places[axis < 0 ? axis + 4 : axis]);
            graph.Append(origin, isChannelsFirst: true, "ReduceMean", [value.Name], Attributes(moved));
        }
        else
        {
            graph.Append(origin, isChannelsFirst: false, "ReduceMean", [graph.Last(value)], Attributes(axes));
        }
    }

    /// <summary>A fully connected layer.</summary>
    /// <param name="graph">Where it is appended.</param>
    /// <param name="origin">The operator.</param>
    /// <param name="inputs">The value, the weights, and the bias where there is one.</param>
    /// <param name="isOutputFirst">True for weights <c>[O, I]</c>, false for <c>[I, O]</c>.</param>
    public static void Linear(this ChannelsLastGraph graph, Origin origin, string[] inputs, bool isOutputFirst)
    {
        var value = graph.Last(graph.Find(origin, inputs[0]));
        var flat = origin with { Output = $"{origin.Output}:flat" };
        graph.Append(flat, isChannelsFirst: false, "Flatten", [value]);
        var (weights, _) = graph.Constant(origin, inputs[1], 2);
        var bias = inputs[2..].Select(vector => graph.Constant(origin, vector, 1).Name);
        var order = NodeAttribute.Of("transB", isOutputFirst ? 1 : 0);
        graph.Append(origin, isChannelsFirst: false, "Gemm", [flat.Output, weights, .. bias], order);
    }

    /// <summary>Other axes for the same elements.</summary>
    /// <param name="graph">Where it is appended.</param>
    /// <param name="origin">The operator.</param>
    /// <param name="input">The value.</param>
    /// <param name="axes">The axes; 0 keeps the present one.</param>
    public static void Reshape(this ChannelsLastGraph graph, Origin origin, string input, long[] axes)
    {
        var target = $"{origin.Output}:axes";
        graph.Integers(target, [axes.Length], axes);
        graph.InOwnOrder(origin, "Reshape", [input, target]);
    }

    /// <summary>Takes axes of size 1 away.</summary>
    /// <param name="graph">Where it is appended.</param>
    /// <param name="origin">The operator.</param>
    /// <param name="input">The value.</param>
    /// <param name="axes">The axes; none for all of them.</param>
    public static void Squeeze(this ChannelsLastGraph graph, Origin origin, string input, long[] axes)
    {
        OnnxAttribute[] attributes = axes.Length > 0 ? [NodeAttribute.Of("axes", axes)] : [];
        graph.InOwnOrder(origin, "Squeeze", [input], attributes);
    }

    /// <summary>Values joined along an axis.</summary>
    /// <param name="graph">Where it is appended.</param>
    /// <param name="origin">The operator.</param>
    /// <param name="inputs">The values.</param>
    /// <param name="axis">The axis.</param>
    public static void Concat(this ChannelsLastGraph graph, Origin origin, string[] inputs, long axis) =>
        graph.InOwnOrder(origin, "Concat", inputs, NodeAttribute.Of("axis", axis));

    /// <summary>A value taken apart along an axis.</summary>
    /// <param name="graph">Where it is appended.</param>
    /// <param name="origin">The operator.</param>
    /// <param name="outputs">The parts, at least one.</param>
    /// <param name="input">The value.</param>
    /// <param name="axis">The axis.</param>
    /// <param name="sizes">Sizes of the parts; none for equal ones.</param>
    public static void Split(
        this ChannelsLastGraph graph,
        Origin origin,
        string[] outputs,
        string input,
        long axis,
        params long[] sizes
    )
    {
        OnnxAttribute[] split = sizes.Length > 0 ? [NodeAttribute.Of("split", sizes)] : [];
        var value = graph.Last(graph.Find(origin, input));
        graph.AppendParts(origin, outputs, "Split", [value], [NodeAttribute.Of("axis", axis), .. split]);
    }

    /// <summary>A value with its axes in another order.</summary>
    /// <param name="graph">Where it is appended.</param>
    /// <param name="origin">The operator.</param>
    /// <param name="input">The value.</param>
    /// <param name="order">The old axis at each new place.</param>
    public static void Transpose(this ChannelsLastGraph graph, Origin origin, string input, long[] order) =>
        graph.InOwnOrder(origin, "Transpose", [input], NodeAttribute.Of("perm", order));

    /// <summary>A range of an axis, as it is or of a shape.</summary>
    /// <param name="graph">Where it is appended.</param>
    /// <param name="origin">The operator.</param>
    /// <param name="input">The value.</param>
    /// <param name="ranges">What is taken of each axis.</param>
    public static void Slice(this ChannelsLastGraph graph, Origin origin, string input, TensorRange[] ranges) =>
        graph.InOwnOrder(
            origin,
            "Slice",
            [input],
            NodeAttribute.Of("axes", Array.ConvertAll(ranges, range => range.Axis)),
            NodeAttribute.Of("starts", Array.ConvertAll(ranges, range => range.Start)),
            NodeAttribute.Of("ends", Array.ConvertAll(ranges, range => range.End))
        );

    /// <summary>An operator on values in the file's own order of axes.</summary>
    /// <param name="graph">Where it is appended.</param>
    /// <param name="origin">The operator.</param>
    /// <param name="node">What ONNX calls it.</param>
    /// <param name="inputs">What it reads.</param>
    /// <param name="attributes">Its parameters.</param>
    public static void InOwnOrder(
        this ChannelsLastGraph graph,
        Origin origin,
        string node,
        string[] inputs,
        params OnnxAttribute[] attributes
    )
    {
        var values = inputs.Select(input => graph.Last(graph.Find(origin, input)));
        graph.Append(origin, isChannelsFirst: false, node, values, attributes);
    }

    private static void Convolved(
        this ChannelsLastGraph graph,
        Origin origin,
        string[] inputs,
        (string Filter, long Groups) weights,
        TensorWindow window
    )
    {
        var image = graph.First(graph.Find(origin, inputs[0]));
        var bias = inputs[2..].Select(vector => graph.Constant(origin, vector, 1).Name);
        var groups = NodeAttribute.Of("group", weights.Groups);
        graph.Append(
            origin,
            isChannelsFirst: true,
            "Conv",
            [image, weights.Filter, .. bias],
            [.. window.Attributes, groups]
        );
    }

    /// <summary>A constant as it is broadcast: axes of size 1 in front say nothing, and channels may come second.</summary>
    private static string Broadcast(this ChannelsLastGraph graph, string name, long[] axes, bool isChannelsFirst)
    {
        long[] trimmed = [.. axes.SkipWhile(axis => axis == 1)];
        return trimmed switch
        {
            [] => axes.Length < 2 ? name : graph.Reshaped(name, 1),
            [var channels] when isChannelsFirst => graph.Reshaped(name, channels, 1, 1),
            [var channels] => axes.Length == 1 ? name : graph.Reshaped(name, channels),
            _ => isChannelsFirst && axes.Length == 4 ? graph.Transposed(name, 0, 3, 1, 2) : name,
        };
    }
}
