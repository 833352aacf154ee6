using System.Collections.Immutable;
using ILGpuMobileNet.Network.Architectures;
using ILGpuMobileNet.Network.Graph;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Host;

/// <summary>What weights are that describe themselves: the user can confirm it, change pictures, or be told of a contradiction.</summary>
internal static class DescribedWeights
{
    /// <summary>The claim of a converted file.</summary>
    /// <param name="description">What it says.</param>
    /// <param name="path">The file, for errors.</param>
    /// <param name="named">The architecture that the user names, if any.</param>
    /// <param name="options">What else the user says.</param>
    /// <exception cref="ArgumentException">The user says otherwise than the file.</exception>
    public static WeightClaim Claim(
        ModelDescription description,
        string path,
        Architecture? named,
        ModelOptions options
    )
    {
        CheckAgreement(description, path, named, options);
        var architecture = ArchitectureCatalog.Get(description.Architecture);
        var form = architecture.FormOf(description.Ecosystem).WithOwnNames();
        var known = description.Numerics.ApplyTo(form.Family, path);
        var contract = description.Contract is { } name ? ContractCatalog.Get(name) : null;
        var variant = new ArchitectureOptions
        {
            Width = description.Width,
            Classes = description.Classes,
            ReducedTail = description.ReducedTail,
            Resolution = options.Resolution ?? description.Resolution,
            Form = form.Ecosystem,
            Family = options.Numerics?.ApplyTo(known, $"what '{path}' says about itself") ?? known,
        };
        var claim = new WeightClaim(architecture, form, variant)
        {
            Contract = contract,
            Evidence = ContractEvidence.Metadata,
            Preprocessing = description.Preprocessing,
            Labels = description.Labels,
            RandomLayers = description.RandomLayers,
        };
        return claim with
        {
            Assumptions =
            [
                .. Assumptions.AboutNames(path, contract, $"its metadata say {claim.Network}"),
                .. Forced(description.Numerics.DifferencesFrom(form.Family)),
                .. AboutRandom(description.RandomLayers),
                .. contract is null ? [] : Changed(description, contract, options),
            ],
        };
    }

    /// <summary>Refuses tensors and layers that are not of the network that their file says it has.</summary>
    /// <param name="file">The open file.</param>
    /// <param name="claim">What it says.</param>
    /// <param name="graph">The network.</param>
    /// <param name="mayLackHead">Whether the head of the network may be missing.</param>
    /// <exception cref="ModelFormatException">They are of another one.</exception>
    public static void CheckTensors(WeightFile file, WeightClaim claim, NetworkGraph graph, bool mayLackHead)
    {
        if (WeightBinding.Misfit(file, graph, claim.Form, mayLackHead) is { } misfit)
        {
            throw Contradiction(file, claim, $"which its tensors contradict: {misfit}");
        }
        if (claim.RandomLayers.FirstOrDefault(layer => !IsOfHead(graph, layer.Name)) is { } other)
        {
            var name = ShownText.Short(other.Name, MetadataItems.ShownLength);
            throw Contradiction(
                file,
                claim,
                $"but '{ModelDescription.RandomItem}' names '{name}', which is no layer of its head that has weights."
            );
        }
    }

    private static bool IsOfHead(NetworkGraph graph, string name) =>
        graph.Layers.FirstOrDefault(layer => layer.Name == name) is { Parameters: [_, ..] parameters }
        && NewHead.From(graph, parameters.Select(parameter => parameter.Name).ToHashSet()) is not null;

    private static ModelFormatException Contradiction(WeightFile file, WeightClaim claim, string fault) =>
        new(file.Path, $"its metadata say {claim.Network}, {fault}", "Convert the original file again.");

    private static IEnumerable<string> AboutRandom(ImmutableArray<RandomLayer> layers) =>
        layers
            .GroupBy(layer => layer.Seed, layer => layer.Name)
            .Select(names =>
                $"Its metadata say that {string.Join(" and ", names)} {(names.Count() == 1 ? "has" : "have")} random "
                + $"weights from seed {names.Key}, which were never trained."
            );

    private static IEnumerable<string> Forced(IEnumerable<NumericsDifference> items)
    {
        var words = string.Join(", ", items);
        return words.Length > 0 ? [$"When it was converted, its numerics were forced: {words}."] : [];
    }

    private static IEnumerable<string> Changed(
        ModelDescription description,
        WeightContract contract,
        ModelOptions options
    )
    {
        var items = ModelDescription
            .ItemsOf(description.Preprocessing)
            .Zip(ModelDescription.ItemsOf(contract.Preprocessing))
            .Where(item => item.First != item.Second)
            .Select(item => $"{item.First.Key} {item.First.Text} instead of {item.Second.Text}");
        var words = string.Join(", ", items);
        if (words.Length > 0)
        {
            yield return $"It wants pictures prepared otherwise than {contract} says: {words}.";
        }
        if (options.Resolution is null && description.Resolution != contract.Resolution)
        {
            yield return $"Its input is {ItemText.Of(description.Resolution)} instead of the "
                + $"{ItemText.Of(contract.Resolution)} of {contract}.";
        }
        if (ChangedClasses(description, contract) is { } classes)
        {
            yield return classes;
        }
    }

    private static string? ChangedClasses(ModelDescription description, WeightContract contract)
    {
        if (contract.Labels.Labels() is not { } usual)
        {
            return null;
        }
        if (description.Classes != usual.Count)
        {
            return $"It has {description.Classes} classes instead of the {usual.Count} of {contract}.";
        }
        if (description.Labels is not { } labels)
        {
            return $"It has no names of its classes, which {contract} names.";
        }
        var first = Enumerable.Range(0, usual.Count).FirstOrDefault(index => labels[index] != usual[index], -1);
        return first < 0
            ? null
            : $"Its labels are not those of {contract}: the first that differs is class {first}, "
                + $"'{ShownText.Short(labels[first], MetadataItems.ShownLength)}' instead of '{usual[first]}'.";
    }

    private static void CheckAgreement(
        ModelDescription description,
        string path,
        Architecture? named,
        ModelOptions options
    )
    {
        var contract = options.Contract is { } name ? ContractCatalog.Get(name).Name : null;
        Contradictions.Refuse(
            $"what '{path}' says about itself",
            [
                Contradictions.Of("network", named?.Name, description.Architecture),
                Contradictions.Of("ecosystem", options.Ecosystem, description.Ecosystem),
                Contradictions.Of("contract", contract, description.Contract ?? "none"),
                Contradictions.Of("width", Of(options.Width), ItemText.Of(description.Width)),
                Contradictions.Of("classes", Of(options.Classes), Of(description.Classes ?? 0)!),
                Contradictions.Of(
                    "tail",
                    options.ReducedTail ? "reduced" : null,
                    description.ReducedTail ? "reduced" : "whole"
                ),
            ],
            $"Leave it out. {ClaimChecks.NewHeadRemedy}"
        );
    }

    private static string? Of(double? number) => number is { } value ? ItemText.Of(value) : null;
}
