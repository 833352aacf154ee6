using System.Globalization;
using ILGpuMobileNet.Host;

namespace ILGpuMobileNet.Cli.Reports;

/// <summary>What <c>models --contracts</c> prints.</summary>
internal static class ContractReport
{
    /// <summary>Writes all contracts.</summary>
    /// <param name="output">Receives them.</param>
    /// <param name="isJson">As JSON in place of a table.</param>
    public static void Write(TextWriter output, bool isJson)
    {
        IReadOnlyList<ContractEntry> entries = [.. ContractCatalog.All.Select(Entry)];
        if (isJson)
        {
            JsonOutput.Write(output, entries, JsonOutput.Indented.IReadOnlyListContractEntry);
            return;
        }
        foreach (var entry in entries)
        {
            var width = entry.Width?.ToString(CultureInfo.InvariantCulture) ?? "any";
            output.WriteLine($"{entry.Name}: {entry.Architecture}, width {width}, {Classes(entry)}");
            output.WriteLine($"  pictures: {entry.Pictures}");
            output.WriteLine($"  numerics: {entry.Numerics}");
            output.WriteLine($"  {entry.Source}");
        }
    }

    private static string Classes(ContractEntry entry) =>
        entry.Classes is { } classes ? $"{classes} classes" : "features";

    private static ContractEntry Entry(WeightContract contract) =>
        new(
            contract.Name,
            contract.Architecture,
            contract.Width,
            [contract.Resolution.Height, contract.Resolution.Width],
            contract.Classes,
            InspectionReport.Words(contract.Preprocessing),
            InspectionReport.Words(contract.Numerics),
            [.. contract.Files.Select(file => file.Name)],
            contract.Source
        );
}
