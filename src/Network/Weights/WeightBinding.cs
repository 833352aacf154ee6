using System.Collections.Immutable;
using ILGpuMobileNet.Network.Architectures;
using ILGpuMobileNet.Network.Graph;

namespace ILGpuMobileNet.Network.Weights;

/// <summary>Gives a network the weights of a file in an ecosystem's names and layout.</summary>
public static class WeightBinding
{
    private const int MostFaultsNamed = 200;

    /// <summary>
    /// Reads every weight of a network and brings it into the network's names and order of axes. Counters and an
    /// optimiser's state are left out; an average of TensorFlow's training goes before the variable itself.
    /// </summary>
    /// <param name="file">The open file.</param>
    /// <param name="graph">The network, built in the form.</param>
    /// <param name="form">Names and layout of the file.</param>
    /// <param name="cancellationToken">Ends the reading early.</param>
    /// <exception cref="ModelFormatException">
    /// Names every missing, unused and mis-shaped tensor, and what the file is of where that is another network or form;
    /// or the file is damaged.
    /// </exception>
    /// <exception cref="ArgumentException">The network was built in another form.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static WeightSet Bind(
        WeightFile file,
        NetworkGraph graph,
        Form form,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(form);
        var match = FormMatch.Best(new(file), form.ParametersOf(graph));
        if (Misfit(graph, form, match, mayLackHead: false) is { } misfit)
        {
            throw Refused(file, graph, form, match, misfit);
        }
        return Read(file, graph, form, match, cancellationToken);
    }

    /// <summary>
    /// The same for weights that may lack the head of the network (<see cref="NewHead"/>), whole or from any layer on, or
    /// have one of their own instead; what they lack is not in the result.
    /// </summary>
    /// <param name="file">The open file.</param>
    /// <param name="graph">The network, built in the form.</param>
    /// <param name="form">Names and layout of the file.</param>
    /// <param name="cancellationToken">Ends the reading early.</param>
    /// <exception cref="ModelFormatException">Other tensors do not fit, or the file is damaged.</exception>
    internal static WeightSet BindTrunk(
        WeightFile file,
        NetworkGraph graph,
        Form form,
        CancellationToken cancellationToken
    )
    {
        var match = FormMatch.Best(new(file), form.ParametersOf(graph));
        var misfit = Misfit(graph, form, match, mayLackHead: true);
        var trunk = misfit is null
            ? match
            : TrunkMatch.Of(graph, match) ?? throw Refused(file, graph, form, match, misfit);
        return Read(file, graph, form, trunk, cancellationToken);
    }

    /// <summary>Which tensors are in the way of a binding; null where none is. Nothing of them is read.</summary>
    /// <param name="file">The open file.</param>
    /// <param name="graph">The network, built in the form.</param>
    /// <param name="form">Names and layout of the file.</param>
    /// <param name="mayLackHead">Whether the head of the network may be missing.</param>
    internal static string? Misfit(WeightFile file, NetworkGraph graph, Form form, bool mayLackHead) =>
        Misfit(graph, form, FormMatch.Best(new(file), form.ParametersOf(graph)), mayLackHead);

    /// <summary>Checks that the tensors that a binding reads are weights. Nothing of them is read.</summary>
    /// <param name="file">The open file.</param>
    /// <param name="graph">The network, built in the form.</param>
    /// <param name="form">Names and layout of the file.</param>
    /// <exception cref="ModelFormatException">The elements of one are no floating-point numbers.</exception>
    internal static void CheckElements(WeightFile file, NetworkGraph graph, Form form)
    {
        foreach (var pair in FormMatch.Best(new(file), form.ParametersOf(graph)).Pairs)
        {
            if (pair.Tensor is { } tensor)
            {
                file.CheckElements(tensor);
            }
        }
    }

    private static WeightSet Read(
        WeightFile file,
        NetworkGraph graph,
        Form form,
        FormMatch match,
        CancellationToken cancellationToken
    )
    {
        var scaled = form.ClassifierScale == 1 ? null : graph.Layers.OfType<LinearLayer>().Last().Weight.Name;
        var tensors = ImmutableDictionary.CreateBuilder<string, Tensor>(StringComparer.Ordinal);
        var wanted = match
            .Pairs.Where(pair => pair.Tensor is not null)
            .ToDictionary(pair => pair.Tensor!.Name, pair => pair.Parameter);
        // In the order of the file, so that it is read from start to end.
        foreach (var tensor in file.Tensors)
        {
            if (wanted.Remove(tensor.Name, out var parameter))
            {
                var bound = AxisOrder.ToGraph(file.Read(tensor.Name, cancellationToken), parameter);
                var name = parameter.Parameter.Name;
                tensors.Add(name, name == scaled ? Scaled(bound, (float)form.ClassifierScale) : bound);
            }
        }
        return new(file.Path, tensors.ToImmutable());
    }

    private static ModelFormatException Refused(
        WeightFile file,
        NetworkGraph graph,
        Form form,
        FormMatch match,
        string misfit
    ) => new(file.Path, misfit, Remedy(file, graph, form, match));

    private static string? Misfit(NetworkGraph graph, Form form, FormMatch match, bool mayLackHead)
    {
        var missing = mayLackHead && NewHead.IsHead(graph, match.Lacking) ? [] : match.Missing;
        List<string> faults =
        [
            .. missing.Select(fault => $"missing {fault}"),
            .. match.Misshaped,
            .. match.Unused(IsWhole(graph)).Order(StringComparer.Ordinal).Select(name => $"unused '{name}'"),
        ];
        if (faults.Count == 0)
        {
            return null;
        }
        var named = string.Join("; ", faults.Take(MostFaultsNamed));
        var more = faults.Count > MostFaultsNamed ? $"; and {faults.Count - MostFaultsNamed} more" : "";
        return $"{faults.Count} tensors do not fit {graph.Name} ({graph.Input}) in the form of {form}: {named}{more}.";
    }

    private static string Remedy(WeightFile file, NetworkGraph graph, Form form, FormMatch match)
    {
        if (WeightIdentity.Identify(file) is not [{ IsExact: true } fit, ..])
        {
            return "Check the network's name, form, width, classes and tail.";
        }
        var isOtherForm = fit.Form.Ecosystem != form.Ecosystem;
        var contradiction = isOtherForm
            ? $"The file has the names of {fit.Form} ('{fit.FirstName}'), but was to be read as {form}'s ('{match.FirstName}'). "
            : "";
        return $"{contradiction}It is {fit}: build {graph.Name} so, or name that network.";
    }

    /// <summary>Whether a network ends in a classifier, not in a feature map that something else reads.</summary>
    private static bool IsWhole(NetworkGraph graph) => graph.Layers[graph.OutputId - 1] is not PoolLayer;

    private static Tensor Scaled(Tensor tensor, float scale)
    {
        var data = tensor.Data.ToArray();
        foreach (ref var value in data.AsSpan())
        {
            value *= scale;
        }
        return new(tensor.Shape, data);
    }
}
