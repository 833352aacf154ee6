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
        List<string?> contradictions =
        [
            Contradiction("network", named?.Name, description.Architecture),
            Contradiction("ecosystem", options.Ecosystem, description.Ecosystem),
            Contradiction("contract", contract, description.Contract ?? "none"),
            Contradiction("width", Of(options.Width), ItemText.Of(description.Width)),
            Contradiction("classes", Of(options.Classes), Of(description.Classes ?? 0)!),
            Contradiction(
                "tail",
                options.ReducedTail ? "reduced" : null,
                description.ReducedTail ? "reduced" : "whole"
            ),
        ];
        if (contradictions.OfType<string>().ToList() is { Count: > 0 } found)
        {
            throw new ArgumentException(
                $"What was asked for contradicts what '{path}' says about itself: {string.Join("; ", found)}. Leave it out."
            );
        }
    }

    private static string? Of(double? number) => number is { } value ? ItemText.Of(value) : null;

    private static string? Contradiction(string item, string? asked, string known) =>
        asked is null || string.Equals(asked, known, StringComparison.OrdinalIgnoreCase)
            ? null
            : $"{item} {asked} was asked for, it has {known}";
}
