using System.Collections.Immutable;
using ILGpuMobileNet.Network.Graph;

namespace ILGpuMobileNet.Network.Weights;

/// <summary>Named tensors and where they came from.</summary>
/// <param name="Source">Path of the file, or what made them; stands in every error.</param>
/// <param name="Tensors">The tensors by name.</param>
public sealed record WeightSet(string Source, ImmutableDictionary<string, Tensor> Tensors)
{
    /// <summary>The tensor of a parameter.</summary>
    /// <param name="parameter">Name and expected shape.</param>
    /// <exception cref="ModelFormatException">It is missing or has another shape.</exception>
    public Tensor this[Parameter parameter]
    {
        get
        {
            ArgumentNullException.ThrowIfNull(parameter);
            return Fault(parameter) is { } fault
                ? throw new ModelFormatException(Source, fault + ".", "Use a file written for this network.")
                : Tensors[parameter.Name];
        }
    }

    /// <summary>
    /// Checks that every parameter of a network is here with its shape and that nothing else is; PyTorch's
    /// <c>num_batches_tracked</c> counters are ignored.
    /// </summary>
    /// <param name="graph">The network.</param>
    /// <exception cref="ModelFormatException">Names every missing, unused and mis-shaped tensor.</exception>
    public void Check(NetworkGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var parameters = graph.Parameters.ToList();
        var known = parameters.Select(parameter => parameter.Name).ToHashSet(StringComparer.Ordinal);
        var faults = parameters.Select(Fault).OfType<string>().ToList();
        faults.AddRange(
            Tensors
                .Keys.Where(name => !known.Contains(name) && !StoredTensor.IsCounterName(name))
                .Order(StringComparer.Ordinal)
                .Select(name => $"unused '{name}'")
        );
        if (faults.Count > 0)
        {
            throw new ModelFormatException(
                Source,
                $"{faults.Count} tensors do not fit {graph.Name} ({graph.Input}): {string.Join("; ", faults)}.",
                "Check the network's name, width, classes and tail."
            );
        }
    }

    private string? Fault(Parameter parameter)
    {
        if (!Tensors.TryGetValue(parameter.Name, out var tensor))
        {
            return $"missing '{parameter.Name}' [{string.Join(", ", parameter.Shape)}]";
        }
        return tensor.Shape.SequenceEqual(parameter.Shape)
            ? null
            : $"'{parameter.Name}' is [{string.Join(", ", tensor.Shape)}], expected [{string.Join(", ", parameter.Shape)}]";
    }
}
