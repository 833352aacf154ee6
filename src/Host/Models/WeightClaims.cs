using System.Collections.Immutable;
using ILGpuMobileNet.Host.Images;
using ILGpuMobileNet.Network.Architectures;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Host;

/// <summary>
/// Decides which network weights are of: by what a converted file says about itself, else by its tensors, the contract
/// that they lead to, and what the user says. Where these contradict each other, the error names both sides.
/// </summary>
internal static class WeightClaims
{
    /// <summary>From this share of fitting tensors on the nearest network is taken to be meant.</summary>
    private const double LeastShareNamed = 0.5;

    /// <summary>What an architecture is without a file: in the form and with the contract that the user names.</summary>
    /// <param name="architecture">The architecture.</param>
    /// <param name="options">What the user says.</param>
    /// <exception cref="ArgumentException">What the user says does not go together.</exception>
    public static WeightClaim Of(Architecture architecture, ModelOptions options)
    {
        var chosen = ChosenContract(options);
        var form = architecture.FormOf(EcosystemOf(options, chosen));
        var contract = chosen ?? ContractCatalog.Of(architecture.Name, form.Ecosystem, options.Width).FirstOrDefault();
        ClaimChecks.Architecture(chosen, architecture, options.Model);
        var claim = Claim(architecture, form, new(), options, contract);
        // Random weights know no classes.
        return claim with { Evidence = EvidenceOf(chosen, contract), Labels = null };
    }

    /// <summary>What a file of weights is.</summary>
    /// <param name="file">The open file.</param>
    /// <param name="named">The architecture that the user names; null leaves it to the file.</param>
    /// <param name="options">What else the user says.</param>
    /// <param name="cancellationToken">Ends the reading early.</param>
    /// <exception cref="ArgumentException">What the user says contradicts the file or does not go together.</exception>
    /// <exception cref="ModelFormatException">The file is of no network that is known.</exception>
    public static WeightClaim Of(
        WeightFile file,
        Architecture? named,
        ModelOptions options,
        CancellationToken cancellationToken
    ) => Of(file, FitsOf(file, named), named, options, cancellationToken);

    /// <summary>What a file of weights is.</summary>
    /// <param name="file">The open file.</param>
    /// <param name="fits">What its tensors fit, as <see cref="FitsOf"/> says.</param>
    /// <param name="named">The architecture that the user names; null leaves it to the file.</param>
    /// <param name="options">What else the user says.</param>
    /// <param name="cancellationToken">Ends the reading early.</param>
    /// <exception cref="ArgumentException">What the user says contradicts the file or does not go together.</exception>
    /// <exception cref="ModelFormatException">The file is of no network that is known.</exception>
    public static WeightClaim Of(
        WeightFile file,
        ImmutableArray<WeightFit> fits,
        Architecture? named,
        ModelOptions options,
        CancellationToken cancellationToken
    ) =>
        ModelDescription.IsIn(file.Metadata)
            ? DescribedWeights.Claim(ModelDescription.Read(file.Metadata, file.Path), file.Path, named, options)
            : Identified(file, fits, named, options, cancellationToken);

    /// <summary>
    /// What a file's tensors fit, best first; nothing of a converted file, which has this library's own names whatever
    /// its form, and says itself what it is.
    /// </summary>
    /// <param name="file">The open file.</param>
    /// <param name="named">The architecture that the user names; others are looked at where it does not fit.</param>
    public static ImmutableArray<WeightFit> FitsOf(WeightFile file, Architecture? named)
    {
        if (ModelDescription.IsIn(file.Metadata))
        {
            return [];
        }
        var fits = WeightIdentity.Identify(file, named);
        var isNamed = named is null || fits is [{ HasTrunk: true }, ..];
        return isNamed ? fits : WeightIdentity.Identify(file);
    }

    /// <summary>The claim of an architecture in a form, with what the user says about it.</summary>
    /// <param name="architecture">The architecture.</param>
    /// <param name="form">The form.</param>
    /// <param name="fitted">What the file's shapes say.</param>
    /// <param name="options">What the user says.</param>
    /// <param name="contract">The contract, where there is one.</param>
    internal static WeightClaim Claim(
        Architecture architecture,
        Form form,
        ArchitectureOptions fitted,
        ModelOptions options,
        WeightContract? contract
    )
    {
        var variant = new ArchitectureOptions
        {
            Width = options.Width ?? fitted.Width,
            Classes = options.Classes ?? fitted.Classes,
            ReducedTail = options.ReducedTail || fitted.ReducedTail,
            Resolution = options.Resolution ?? contract?.Resolution,
            Form = form.Ecosystem,
            Family = options.Numerics?.ApplyTo(form.Family, $"the form of {form} of {architecture}"),
        };
        var classes = variant.Classes ?? architecture.DefaultClasses;
        return new(architecture, form, variant)
        {
            Contract = contract,
            Preprocessing = contract?.Preprocessing ?? UsualPreprocessing(form),
            Labels = contract is not null && contract.Classes == classes ? contract.Labels.Labels() : null,
        };
    }

    private static WeightClaim Identified(
        WeightFile file,
        ImmutableArray<WeightFit> fits,
        Architecture? named,
        ModelOptions options,
        CancellationToken cancellationToken
    )
    {
        var chosen = ChosenContract(options);
        var ecosystem = EcosystemOf(options, chosen);
        var wanted = fits.Where(fit => IsWanted(fit, named, ecosystem)).ToList();
        ClaimChecks.Head(wanted.FirstOrDefault(), options, file);
        if (wanted is not [{ HasTrunk: true }, ..])
        {
            var nearest = named is null && fits is [{ IsExact: true }, ..] ? fits[0].Architecture : named;
            return Unfitting(file, nearest, fits, options, chosen);
        }
        var operators = OperatorNumerics.Of(file, wanted[0], options.Numerics, cancellationToken);
        var equal = operators.Agreeing(wanted.TakeWhile(fit => IsAs(fit, wanted[0])));
        var finding = chosen is null
            ? ContractSearch.Find(file, equal, cancellationToken)
            : new(chosen, ContractEvidence.Chosen);
        var fit = equal.Find(fit => fit.Form.Ecosystem == finding?.Contract.Ecosystem) ?? equal[0];
        ClaimChecks.Architecture(chosen, fit.Architecture, file.Path);
        ClaimChecks.Width(chosen, fit.Width, file.Path);
        ClaimChecks.Background(chosen, fit.Classes, file.Path);
        ClaimChecks.Classes(options, fit, file.Path);
        operators.Check(fit, fits.Where(other => IsAs(other, fit)));
        var claim = Claim(fit.Architecture, fit.Form, fit.Options, options, finding?.Contract);
        operators.CheckInput(fit, options.PreparationOf(claim.Preprocessing, claim.Resolution));
        return claim with
        {
            Evidence = finding?.Evidence ?? ContractEvidence.None,
            OwnHead = fit.HasOwnHead ? fit.Unused : [],
            Assumptions = [.. Assumptions.Of(file.Path, finding, equal, claim), .. operators.Assumptions(fit)],
        };
    }

    // Another form of the same network, which the tensors cannot tell from it.
    private static bool IsAs(WeightFit fit, WeightFit first) =>
        fit.Architecture == first.Architecture
        && (fit.IsExact, fit.IsHeadless, fit.HasOwnHead) == (first.IsExact, first.IsHeadless, first.HasOwnHead);

    // No exact fit: binding says which tensors are in the way of what was asked for.
    private static WeightClaim Unfitting(
        WeightFile file,
        Architecture? named,
        ImmutableArray<WeightFit> fits,
        ModelOptions options,
        WeightContract? chosen
    )
    {
        if (named is null)
        {
            throw new ModelFormatException(file.Path, Foreign(fits), "Name the network that the weights are of.");
        }
        var nearest = fits.FirstOrDefault(fit => fit.Architecture == named);
        var form = named.FormOf(EcosystemOf(options, chosen) ?? nearest?.Form.Ecosystem);
        ClaimChecks.Architecture(chosen, named, file.Path);
        return Claim(named, form, new(), options, chosen);
    }

    /// <summary>Why a file's tensors are those of no network, for errors.</summary>
    /// <param name="fits">The nearest networks.</param>
    internal static string Foreign(ImmutableArray<WeightFit> fits) =>
        fits is [var fit, ..]
            ? $"its tensors are those of no network that is known; the nearest is {fit}, of which "
                + $"{Counted(fit, fit.Missing, "are missing")}, {Counted(fit, fit.Misshaped, "have another shape")} and "
                + $"{Counted(fit, [.. fit.Unused.Select(name => $"'{name}'")], "are not used")}."
            : "none of its tensors has a name that a known network has.";

    // Of a network that is far off, names say nothing.
    private static string Counted(WeightFit fit, ImmutableArray<string> names, string words) =>
        fit.Share >= LeastShareNamed && !names.IsEmpty
            ? $"{names.Length} {words} ({NameList.Of(names)})"
            : $"{names.Length} {words}";

    private static bool IsWanted(WeightFit fit, Architecture? named, string? ecosystem) =>
        (named is null || fit.Architecture == named)
        && (ecosystem is null || string.Equals(fit.Form.Ecosystem, ecosystem, StringComparison.OrdinalIgnoreCase));

    private static WeightContract? ChosenContract(ModelOptions options) =>
        options.Contract is { } name ? ContractCatalog.Get(name) : null;

    private static ContractEvidence EvidenceOf(WeightContract? chosen, WeightContract? contract) =>
        chosen is not null ? ContractEvidence.Chosen
        : contract is not null ? ContractEvidence.Assumed
        : ContractEvidence.None;

    private static string? EcosystemOf(ModelOptions options, WeightContract? chosen)
    {
        var isContradiction =
            options.Ecosystem is { } asked
            && chosen is not null
            && !string.Equals(asked, chosen.Ecosystem, StringComparison.OrdinalIgnoreCase);
        return isContradiction
            ? throw new ArgumentException(
                $"The ecosystem {options.Ecosystem} was asked for, but the contract {chosen} is of {chosen!.Ecosystem}; "
                    + "leave one of them out."
            )
            : options.Ecosystem ?? chosen?.Ecosystem;
    }

    /// <summary>How pictures are prepared for a form that no published weights are known of.</summary>
    private static Preprocessing UsualPreprocessing(Form form) =>
        form.Ecosystem switch
        {
            Ecosystem.Keras or Ecosystem.KerasPort or Ecosystem.Slim => Preprocessing.KerasTf,
            Ecosystem.PaddleOcr => Preprocessing.PaddleTextDirection,
            _ => Preprocessing.ImageNet,
        };
}
