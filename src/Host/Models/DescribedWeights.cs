using ILGpuMobileNet.Network.Architectures;

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
        var variant = new ArchitectureOptions
        {
            Width = description.Width,
            Classes = description.Classes,
            ReducedTail = description.ReducedTail,
            Resolution = options.Resolution ?? description.Resolution,
            Form = form.Ecosystem,
            Family = options.Numerics?.ApplyTo(known, $"what '{path}' says about itself") ?? known,
        };
        return new(architecture, form, variant)
        {
            Contract = ContractCatalog.All.FirstOrDefault(contract => contract.Name == description.Contract),
            Evidence = ContractEvidence.Metadata,
            Preprocessing = description.Preprocessing,
            Labels = description.Labels,
        };
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
