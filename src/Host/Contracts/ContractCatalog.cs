using System.Collections.Immutable;
using ILGpuMobileNet.Network.Architectures;

namespace ILGpuMobileNet.Host;

/// <summary>The contracts of the weights that ecosystems publish.</summary>
public static class ContractCatalog
{
    /// <summary>Every contract, by ecosystem.</summary>
    public static ImmutableArray<WeightContract> All { get; } =
    [.. TorchvisionContracts.All, .. TimmContracts.All, .. TensorFlowContracts.All, .. PaddleContracts.All];

    /// <summary>The contract of a name.</summary>
    /// <param name="name">
    /// As <see cref="WeightContract.Name"/> has it, or without the ecosystem; case does not matter.
    /// </param>
    /// <exception cref="ArgumentException">No contract has the name; the message lists the nearest and all.</exception>
    public static WeightContract Get(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return All.FirstOrDefault(contract => IsCalled(contract, name))
            ?? throw new ArgumentException(
                $"No contract is called '{name}'{Suggestion(name)} There are {string.Join(", ", All)}."
            );
    }

    /// <summary>The contracts that a file of an ecosystem's weights may have, the likeliest first.</summary>
    /// <param name="architecture">Name of the architecture.</param>
    /// <param name="ecosystem">The ecosystem.</param>
    /// <param name="width">Width multiplier; null for any.</param>
    public static IEnumerable<WeightContract> Of(string architecture, string ecosystem, double? width = null) =>
        All.Where(contract => contract.Architecture == architecture && contract.Ecosystem == ecosystem)
            // Other widths of the same architecture are trained alike; those of this width come first.
            .OrderBy(contract => contract.IsOfWidth(width) ? 0 : 1);

    private static bool IsCalled(WeightContract contract, string name) =>
        string.Equals(contract.Name, name, StringComparison.OrdinalIgnoreCase)
        || string.Equals(contract.Weights, name, StringComparison.OrdinalIgnoreCase);

    private static string Suggestion(string name)
    {
        var names = All.SelectMany(contract => (string[])[contract.Name, contract.Weights]);
        return EditDistance.Nearest(name, names) is { } nearest ? $"; did you mean '{nearest}'?" : ".";
    }
}
