using System.Collections.Frozen;
using System.Collections.Immutable;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Graph;

namespace ILGpuMobileNet.Network.Onnx;

/// <summary>An operator that cannot be read, in its place: what it computes is not known, nor really its shape.</summary>
/// <param name="Name">Unique name.</param>
/// <param name="Operator">The operator, for errors.</param>
/// <param name="Inputs">Ids of the values that it reads.</param>
/// <param name="Output">The shape of the first of its inputs, which what stands beside or behind results mostly keeps.</param>
internal sealed record UnreadLayer(string Name, string Operator, ImmutableArray<int> Inputs, FeatureShape Output)
    : Layer(Name, Inputs, Output)
{
    /// <summary>Whether it is known to compute something that no layer here does.</summary>
    public bool IsOther { get; init; }
}

/// <summary>
/// Puts layers that say so in the place of operators that cannot be read, so that all others are known. What has weights
/// may be a trained layer, whose result has a shape of its own: such operators and what reads them are left out.
/// </summary>
/// <param name="importer">The import.</param>
/// <param name="names">Names of the graph.</param>
internal sealed class UnreadOperators(OnnxImporter importer, OnnxNames names)
{
    // Functions and pools that no layer here computes.
    private static readonly FrozenSet<string> _others = FrozenSet.Create(
        StringComparer.Ordinal,
        "Abs",
        "Ceil",
        "Celu",
        "Cos",
        "Elu",
        "Erf",
        "Exp",
        "Floor",
        "Gelu",
        "GlobalLpPool",
        "GlobalMaxPool",
        "LRN",
        "LeakyRelu",
        "Log",
        "LpPool",
        "Mish",
        "Neg",
        "PRelu",
        "Reciprocal",
        "Round",
        "Selu",
        "Sign",
        "Sin",
        "Softplus",
        "Softsign",
        "Sqrt",
        "Tanh",
        "ThresholdedRelu"
    );

    // With constants they are bounds and scales.
    private static readonly FrozenSet<string> _othersOfTwo = FrozenSet.Create(
        StringComparer.Ordinal,
        "Div",
        "Max",
        "Mean",
        "Min",
        "Sub"
    );

    private string? _first;
    private int _count;

    /// <summary>Layers before the first operator that is left out; null where none is.</summary>
    public int? LayersBeforeGap { get; private set; }

    /// <summary>Which operators they are, for notes; null where there is none.</summary>
    public string? Words =>
        _count switch
        {
            0 => null,
            1 => $"operator {_first}",
            _ => $"operators {_first} and {_count - 1} more",
        };

    /// <summary>Puts a layer in the place of a node, or leaves it out.</summary>
    /// <param name="node">The node, which cannot be read.</param>
    /// <exception cref="Weights.ModelFormatException">An input of it can be read no better.</exception>
    public void PassOver(OnnxNode node)
    {
        if (!node.Inputs.All(name => name.Length == 0 || importer.IsKnown(name)))
        {
            LeaveOut(); // it reads what was left out
            return;
        }
        Count(node);
        List<Feature> inputs = [.. node.Inputs.Select(importer.Computed).OfType<Feature>()];
        if (inputs.Count == 0 || (!IsOther(node, inputs.Count) && node.Inputs.Any(importer.IsWeight)))
        {
            LeaveOut();
        }
        else
        {
            importer.Define(node.Outputs[0], Unread(node, inputs));
        }
    }

    /// <summary>What stands for a value whose node was read, but is followed by what makes nothing of it that is known.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="origin">What it is computed from.</param>
    public Feature Replace(string name, Feature origin)
    {
        var node = names.ProducerOf(name);
        Count(node);
        return Unread(node, [origin]);
    }

    // A Clip to [0, 1] is a part of hard-sigmoid; with other bounds, as it was not read, of no activation.
    private bool IsOther(OnnxNode node, int computedCount) =>
        _others.Contains(node.Operator)
        || (computedCount > 1 && _othersOfTwo.Contains(node.Operator))
        || (node.Operator == "Clip" && ActivationOperators.Bounds(new(importer, node)) is not (0, 1));

    private void LeaveOut() => LayersBeforeGap ??= importer.Builder.LayerCount;

    private void Count(OnnxNode node)
    {
        _first ??= OnnxOperation.Describe(node);
        _count++;
    }

    private Feature Unread(OnnxNode node, List<Feature> inputs)
    {
        var values = inputs.ConvertAll(input => input.Value);
        var layer = new UnreadLayer(
            importer.LayerName(node),
            OnnxOperation.Describe(node),
            [.. values.Select(value => value.Id)],
            values[0].Shape
        )
        {
            IsOther = IsOther(node, inputs.Count),
        };
        return inputs[0] with { Value = importer.Builder.Append(layer, [.. values]) };
    }
}
