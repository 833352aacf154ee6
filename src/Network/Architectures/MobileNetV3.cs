using System.Collections.Immutable;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Architectures.Blocks;
using ILGpuMobileNet.Network.Graph;

namespace ILGpuMobileNet.Network.Architectures;

/// <summary>MobileNetV3 (arXiv:1905.02244), with torchvision's names, in the forms of several ecosystems.</summary>
internal static class MobileNetV3
{
    public static Architecture Small { get; } =
        new("mobilenet_v3_small", Forms("mobilenet_v3_small", V3Rows.Small, hiddenUnits: 1024))
        {
            Description =
                "MobileNetV3-Small: squeeze-excite and hard-swish, found by architecture search for low cost.",
            Source = "arXiv:1905.02244, table 2; torchvision form",
        };

    public static Architecture Large { get; } =
        new("mobilenet_v3_large", Forms("mobilenet_v3_large", V3Rows.Large, hiddenUnits: 1280))
        {
            Description =
                "MobileNetV3-Large: squeeze-excite and hard-swish, found by architecture search for accuracy.",
            Source = "arXiv:1905.02244, table 1; torchvision form",
        };

    private static ImmutableArray<Form> Forms(string name, ImmutableArray<V3Row> rows, int hiddenUnits) =>
        [.. V3Form.All.Select(form => FormOf(name, new(form, rows, hiddenUnits)))];

    private static Form FormOf(string name, V3Network network) =>
        network.Form.FormOf(name, V3Names.Torchvision, (spec, names) => Build(spec, network, names(network.Rows)));

    private static NetworkGraph Build(NetworkSpec spec, V3Network network, V3Names names)
    {
        var graph = spec.NewGraph();
        var channels = network.Form.Channels;
        var rows = spec.ReducedTail ? V3Rows.WithReducedTail(network.Rows) : network.Rows;
        var trunk = new V3Trunk(spec.Family, rows)
        {
            Stem = names.Stem,
            Block = names.Block,
            StemChannels = channels.Stem(spec),
            Expanded = (index, read) => channels.Expanded(spec, rows, index, read),
            Projected = spec.Divisible,
            Squeezed = network.Form.Squeezed,
        };
        var value = trunk.AppendTo(graph);
        var head = new ConvolutionUnit(names.Head, channels.Head(spec, rows, value.Shape.Channels))
        {
            Activation = Activation.HardSwish,
        };
        value = graph.GlobalAveragePool("avgpool", head.AppendTo(graph, value, trunk.Family));
        var units = channels.Hidden(spec, network.Form.HiddenUnits ?? network.HiddenUnits);
        value = graph.Linear(names.Hidden, value, units, network.Form.HasHiddenBias);
        value = graph.Activation(names.HiddenActivation, value, Activation.HardSwish);
        return graph.Build(graph.Linear(names.Classifier, value, spec.Classes));
    }

    /// <summary>A table in a form.</summary>
    private sealed record V3Network(V3Form Form, ImmutableArray<V3Row> Rows, int HiddenUnits);
}
