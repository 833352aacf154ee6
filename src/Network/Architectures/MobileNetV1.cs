using System.Collections.Immutable;
using ILGpuMobileNet.Network.Architectures.Blocks;
using ILGpuMobileNet.Network.Graph;

namespace ILGpuMobileNet.Network.Architectures;

/// <summary>One depthwise-separable convolution of MobileNetV1.</summary>
/// <param name="Out">Channels of the pointwise convolution at width 1.</param>
/// <param name="Stride">Stride of the depthwise convolution.</param>
internal readonly record struct V1Row(int Out, int Stride);

/// <summary>The depthwise-separable convolutions of table 1 of arXiv:1704.04861.</summary>
internal static class V1Rows
{
    /// <summary>The table.</summary>
    public static ImmutableArray<V1Row> All { get; } =
    [
        // Out, Stride
        new(64, 1),
        new(128, 2),
        new(128, 1),
        new(256, 2),
        new(256, 1),
        new(512, 2),
        new(512, 1),
        new(512, 1),
        new(512, 1),
        new(512, 1),
        new(512, 1),
        new(1024, 2),
        new(1024, 1),
    ];
}

/// <summary>MobileNetV1 (arXiv:1704.04861), with the names of a PyTorch implementation, in the forms of several ecosystems.</summary>
internal static class MobileNetV1
{
    private const string Paper = "arXiv:1704.04861, table 1";
    private const int StemChannels = 32;

    public static Architecture Torch { get; } =
        new("mobilenet_v1", [.. V1Form.All.Select(form => FormOf("mobilenet_v1", form, V1Names.Torch))])
        {
            Description = "MobileNetV1: thirteen depthwise-separable convolutions, without convolution biases.",
            Source = $"{Paper}; PyTorch form",
        };

    public static Architecture Keras { get; } =
        new("mobilenet_v1_keras", FormOf("mobilenet_v1_keras", V1Form.KerasPort, V1Names.KerasPort))
        {
            Description = "MobileNetV1 with convolution biases, SAME padding and epsilon 1e-3.",
            Source = $"{Paper}; Keras form",
        };

    private static Form FormOf(string name, V1Form form, V1Names own) =>
        form.FormOf(name, own, (spec, names) => Build(spec, form, names));

    private static NetworkGraph Build(NetworkSpec spec, V1Form form, V1Names names)
    {
        var graph = spec.NewGraph();
        var family = spec.Family;
        var stem = ConvolutionUnit.HalvingStem(names.Stem, form.Channels(StemChannels, spec.Width), family.Relu);
        // Only Keras's blocks pad at the bottom and right whatever they read; its first convolution is SAME.
        var isKeras = family.Padding == PaddingRule.BottomRight;
        var value = stem.AppendTo(graph, graph.Input, isKeras ? family with { Padding = PaddingRule.Same } : family);
        for (var row = 0; row < V1Rows.All.Length; row++)
        {
            var block = new DepthwiseSeparable(names.Block(row + 1), form.Channels(V1Rows.All[row].Out, spec.Width))
            {
                Stride = family.BlockStride(V1Rows.All[row].Stride),
                Activation = family.Relu,
            };
            value = block.AppendTo(graph, value, family);
        }
        value = graph.GlobalAveragePool(names.Pool, value);
        return graph.Build(graph.Linear(names.Classifier, value, spec.Classes));
    }
}
