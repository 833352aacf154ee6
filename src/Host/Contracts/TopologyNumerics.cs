using System.Globalization;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Architectures;
using ILGpuMobileNet.Network.Graph;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Host;

/// <summary>What a Keras topology beside weights says about them, held against the network that they are taken for.</summary>
internal sealed class TopologyNumerics
{
    private const string AsGraph =
        "To compute as the file says, convert it to a graph (tensorflowjs_converter --output_format=tfjs_graph_model).";

    private static readonly string[] _compared =
    [
        "relu",
        "relu6",
        "hard_swish",
        "hard_silu",
        "swish",
        "silu",
        "elu",
        "selu",
        "gelu",
        "tanh",
        "leaky_relu",
    ];

    private readonly WeightFile _file;
    private readonly WeightFit _fit;
    private readonly NumericsOptions _forced;
    private readonly List<string> _faults = [];
    private readonly List<string> _options = [];
    private bool _isForcible = true;

    private TopologyNumerics(WeightFile file, WeightFit fit, NumericsOptions? asked) =>
        (_file, _fit, _forced) = (file, fit, asked is { Force: true } ? asked : new());

    /// <summary>Refuses weights whose own file contradicts their network, but for items that the user forces.</summary>
    /// <param name="file">The file of weights.</param>
    /// <param name="fit">The network.</param>
    /// <param name="asked">What the user says about the numerics.</param>
    /// <exception cref="ModelFormatException">
    /// They have another epsilon, padding or activation, or other strides; the message names both sides of each.
    /// </exception>
    public static void Check(WeightFile file, WeightFit fit, NumericsOptions? asked)
    {
        if (file.Format == WeightFormat.TensorFlowJsLayers)
        {
            new TopologyNumerics(file, fit, asked).Check();
        }
    }

    private void Check()
    {
        var graph = _fit.Architecture.Build(_fit.Options);
        CheckEpsilon(_fit.Form.Family.BatchNormEpsilon);
        CheckPadding(_fit.Form.Family.Padding);
        CheckStrides(graph);
        CheckActivations(graph, _fit.Form.Family.Relu);
        if (_faults.Count > 0)
        {
            throw new ModelFormatException(_file.Path, $"{string.Join("; ", _faults)}.", Remedy());
        }
    }

    private string Remedy() => _isForcible ? NumericsOptions.RemedyBy(_options) : AsGraph;

    private void CheckEpsilon(double known)
    {
        if (_forced.BatchNormEpsilon is null && Stated("epsilon") is { } text && Parse(text) is { } stated)
        {
            Compare(
                stated == known,
                $"its batch normalisations add an epsilon of {text}, but those of {_fit.Form} add {ItemText.Of(known)}",
                $"--epsilon {text}"
            );
        }
    }

    private void CheckPadding(PaddingRule known)
    {
        if (_forced.Padding is null && Stated("padding") is { } stated)
        {
            // SAME and its form for even axes differ on odd ones only.
            var isSame = stated == (known == PaddingRule.Symmetric ? "symmetric" : "same");
            Compare(
                isSame,
                $"its strided convolutions have the padding '{stated}', but those of {_fit.Form} '{ItemText.Of(known)}'",
                stated == "none" ? null : $"--padding {stated}"
            );
        }
    }

    private void CheckStrides(NetworkGraph graph)
    {
        var strides = graph
            .Layers.OfType<ConvolutionLayer>()
            .Select(layer => layer.Geometry.Window.Stride)
            .Where(stride => stride != Extent.Square(1));
        var known = string.Join(",", strides);
        if (Stated("strides") is { } stated)
        {
            Compare(
                stated == known || _fit.HasOwnHead && stated.StartsWith($"{known},", StringComparison.Ordinal),
                $"its convolutions have the strides {stated}, but those of {_fit.Architecture} of {_fit.Form} {known}",
                null
            );
        }
    }

    private void CheckActivations(NetworkGraph graph, Activation relu)
    {
        var stated = Stated("activations")?.Split(',').Intersect(_compared).ToList() ?? [];
        if (_forced.Relu is not null || stated.Count == 0)
        {
            return;
        }
        var known = graph.Layers.OfType<ActivationLayer>().Select(layer => layer.Activation).Distinct().ToList();
        // A head of its own may compute anything beside.
        var isSame =
            stated.Contains(ItemText.Of(relu)) && (_fit.HasOwnHead || !stated.Except(known.SelectMany(NamesOf)).Any());
        Compare(
            isSame,
            $"its layers compute {string.Join(", ", stated)}, but those of {_fit.Architecture} of {_fit.Form} "
                + string.Join(", ", known.Select(ItemText.Of)),
            stated is ["relu" or "relu6"] ? $"--activation {stated[0]}" : null
        );
    }

    /// <summary>What Keras calls a function, also where it composes it of others.</summary>
    private static string[] NamesOf(Activation activation) =>
        activation.Kind switch
        {
            ActivationKind.Silu => ["swish", "silu"],
            ActivationKind.HardSwish => ["hard_swish", "hard_silu", "relu6"],
            ActivationKind.HardSigmoid => ["relu6"],
            _ => [ItemText.Of(activation)],
        };

    private void Compare(bool isSame, string fault, string? option)
    {
        if (isSame)
        {
            return;
        }
        _faults.Add(fault);
        _options.Add(option ?? "");
        _isForcible &= option is not null;
    }

    private string? Stated(string item) => _file.Metadata.GetValueOrDefault(item);

    private static double? Parse(string text) =>
        double.TryParse(text, CultureInfo.InvariantCulture, out var value) ? value : null;
}
