using System.Collections.Immutable;
using ILGpuMobileNet.Network.Architectures.Blocks;
using ILGpuMobileNet.Network.Graph;

namespace ILGpuMobileNet.Network.Architectures;

/// <summary>MobileNetV3 (arXiv:1905.02244), with torchvision's names, in the forms of several ecosystems.</summary>
internal static class MobileNetV3
{
    private static readonly V3Table _small = new(V3Rows.Small, HiddenUnits: 1024, Nonlinearity.HS);
    private static readonly V3Table _large = new(V3Rows.Large, HiddenUnits: 1280, Nonlinearity.HS);

    public static Architecture Small { get; } =
        new("mobilenet_v3_small", Forms("mobilenet_v3_small", V3Form.All, _small))
        {
            Description =
                "MobileNetV3-Small: squeeze-excite and hard-swish, found by architecture search for low cost.",
            Source = "arXiv:1905.02244, table 2; torchvision form",
        };

    public static Architecture Large { get; } =
        new("mobilenet_v3_large", Forms("mobilenet_v3_large", V3Form.All, _large))
        {
            Description =
                "MobileNetV3-Large: squeeze-excite and hard-swish, found by architecture search for accuracy.",
            Source = "arXiv:1905.02244, table 1; torchvision form",
        };

    public static Architecture SmallMinimalistic { get; } = MinimalisticOf(Small, _small);

    public static Architecture LargeMinimalistic { get; } = MinimalisticOf(Large, _large);

    private static Architecture MinimalisticOf(Architecture full, V3Table table)
    {
        var name = $"{full}_minimalistic";
        return new(name, Forms(name, V3Form.Minimalistic, table.Minimalistic))
        {
            Description = $"{full} with 3x3 kernels and ReLU only, without squeeze-excite.",
            Source = "arXiv:1905.02244 in the minimalistic variant of TensorFlow's authors; Keras form",
        };
    }

    private static ImmutableArray<Form> Forms(string name, ImmutableArray<V3Form> forms, V3Table table) =>
        [
            .. forms.Select(form =>
                form.FormOf(name, V3Names.Torchvision, (spec, names) => Build(spec, (form, table), names(table.Rows)))
            ),
        ];

    private static NetworkGraph Build(NetworkSpec spec, (V3Form Form, V3Table Table) network, V3Names names)
    {
        var (form, table) = network;
        var graph = spec.NewGraph();
        var channels = form.Channels;
        var rows = spec.ReducedTail ? V3Rows.WithReducedTail(table.Rows) : table.Rows;
        var trunk = new V3Trunk(spec.Family, rows)
        {
            Stem = names.Stem,
            Block = names.Block,
            StemChannels = channels.Stem(spec),
            StemActivation = table.Activation,
            Expanded = (index, read) => channels.Expanded(spec, rows, index, read),
            Projected = spec.Divisible,
            Squeezed = form.Squeezed,
        };
        var activation = table.Activation.In(spec.Family);
        var value = trunk.AppendTo(graph);
        var head = new ConvolutionUnit(names.Head, channels.Head(spec, rows, value.Shape.Channels))
        {
            Activation = activation,
        };
        value = graph.GlobalAveragePool("avgpool", head.AppendTo(graph, value, trunk.Family));
        var units = channels.Hidden(spec, form.HiddenUnits ?? table.HiddenUnits);
        value = graph.Linear(names.Hidden, value, units, form.HasHiddenBias);
        value = graph.Activation(names.HiddenActivation, value, activation);
        return graph.Build(graph.Linear(names.Classifier, value, spec.Classes));
    }

    /// <summary>A table of the paper.</summary>
    /// <param name="Rows">The bottlenecks.</param>
    /// <param name="HiddenUnits">Units of the layer after the pool.</param>
    /// <param name="Activation">What follows the layers before and after the bottlenecks.</param>
    private sealed record V3Table(ImmutableArray<V3Row> Rows, int HiddenUnits, Nonlinearity Activation)
    {
        /// <summary>The minimalistic variant.</summary>
        public V3Table Minimalistic => new(V3Rows.Minimalistic(Rows), HiddenUnits, Nonlinearity.RE);
    }
}
