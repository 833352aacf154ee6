using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Graph;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Network.Tests.Onnx;

/// <summary>Networks of a few layers that together have every kind of layer and activation.</summary>
internal static class SmallNetworks
{
    private static readonly Window _stem = new(Extent.Square(3), Extent.Square(2), Extent.Square(1), new(1, 1, 1, 1));

    public static IReadOnlyList<Model> All { get; } = [V2(), V3(), Pools(), LinearGate(), FeatureMap()];

    /// <summary>Inverted residual with ReLU6 and a shortcut, then a classifier with softmax.</summary>
    public static Model V2()
    {
        var builder = new GraphBuilder("v2", new(13, 17, 3));
        var stem = Normalized(builder, "stem", builder.Input, 4, (_stem, Activation.Relu6));
        var expanded = Normalized(builder, "expand", stem, 12, (Window.Pointwise, Activation.Relu6));
        var depthwise = Normalized(builder, "depthwise", expanded, 12, (Same(3), Activation.Relu6));
        var projected = Normalized(builder, "project", depthwise, 4, (Window.Pointwise, Activation.Identity));
        var sum = builder.Add("sum", projected, stem);
        var pooled = builder.GlobalAveragePool("pool", sum);
        return Finish(builder, builder.Softmax("softmax", builder.Linear("fc", pooled, 5)));
    }

    /// <summary>Squeeze-excite of convolutions, hard-swish, asymmetric padding and strides, two linear layers.</summary>
    public static Model V3()
    {
        var builder = new GraphBuilder("v3", new(16, 24, 3));
        var stem = Normalized(builder, "stem", builder.Input, 8, (_stem, Activation.HardSwish));
        var window = new Window(Extent.Square(5), new(2, 1), Extent.Square(1), new(1, 2, 2, 2));
        var depthwise = Normalized(builder, "depthwise", stem, 8, (window, Activation.HardSwish));
        var gate = builder.GlobalAveragePool("se.pool", depthwise);
        gate = builder.Convolution("se.fc1", gate, 2, Window.Pointwise, new(HasBias: true));
        gate = builder.Activation("se.relu", gate, Activation.Relu);
        gate = builder.Convolution("se.fc2", gate, 8, Window.Pointwise, new(HasBias: true));
        gate = builder.Activation("se.gate", gate, Activation.HardSigmoid(0.2f));
        var scaled = builder.Scale("se.scale", depthwise, gate);
        var dilated = new Window(Extent.Square(3), Extent.Square(1), Extent.Square(2), new(2, 2, 2, 2));
        var wide = Normalized(builder, "wide", scaled, 6, (dilated, Activation.Silu));
        var hidden = builder.Linear("hidden", builder.GlobalAveragePool("pool", wide), 7);
        hidden = builder.Activation("hidden.act", hidden, Activation.HardSwish);
        return Finish(builder, builder.Linear("fc", hidden, 3));
    }

    /// <summary>Maximum and both kinds of mean; a sigmoid at the end.</summary>
    public static Model Pools()
    {
        var builder = new GraphBuilder("pools", new(19, 23, 3));
        var window = new Window(Extent.Square(3), Extent.Square(2), Extent.Square(1), new(1, 1, 1, 1));
        var max = builder.Pool("max", builder.Input, PoolKind.Max, window);
        var mean = builder.Pool("mean", max, PoolKind.Average, window);
        var padded = builder.Pool("padded", mean, PoolKind.AverageIncludingPadding, window);
        var pooled = builder.GlobalAveragePool("pool", padded);
        return Finish(
            builder,
            builder.Activation("act", builder.Linear("fc", pooled, 2, hasBias: false), Activation.Sigmoid)
        );
    }

    /// <summary>Squeeze-excite of linear layers, whose gate has to be reshaped.</summary>
    public static Model LinearGate()
    {
        var builder = new GraphBuilder("linear_gate", new(6, 5, 3));
        var features = builder.Convolution("conv", builder.Input, 6, Window.Pointwise, new(HasBias: true));
        var gate = builder.Linear("fc1", builder.GlobalAveragePool("pool", features), 2);
        gate = builder.Linear("fc2", builder.Activation("relu", gate, Activation.Relu), 6);
        gate = builder.Activation("gate", gate, Activation.HardSigmoid());
        return Finish(builder, builder.Scale("scale", features, gate));
    }

    /// <summary>One convolution whose output is the network's.</summary>
    public static Model FeatureMap()
    {
        var builder = new GraphBuilder("feature_map", new(4, 4, 3));
        return Finish(builder, builder.Convolution("conv", builder.Input, 2, Same(3), new()));
    }

    private static Window Same(int kernel) =>
        new(
            Extent.Square(kernel),
            Extent.Square(1),
            Extent.Square(1),
            Padding.Symmetric(Extent.Square(kernel), Extent.Square(1))
        );

    private static Value Normalized(
        GraphBuilder builder,
        string name,
        Value input,
        int channels,
        (Window Window, Activation Activation) form
    )
    {
        var groups = channels == input.Shape.Channels && !form.Window.IsPointwise ? channels : 1;
        var value = builder.Convolution(name, input, channels, form.Window, new(groups));
        value = builder.BatchNorm($"{name}.bn", value, 1e-3f);
        return builder.Activation($"{name}.act", value, form.Activation);
    }

    private static Model Finish(GraphBuilder builder, Value output)
    {
        var graph = builder.Build(output);
        return new(graph, WeightFormula.Create(graph, seed: 1));
    }
}
