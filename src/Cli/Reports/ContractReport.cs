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
        var table = TextTable.Create("Contract", "Network", "#Width", "#Classes", "Pictures", "Numerics");
        foreach (var entry in entries)
        {
            table.Add(
                entry.Name,
                entry.Architecture,
                entry.Width?.ToString(CultureInfo.InvariantCulture) ?? "any",
                entry.Classes?.ToString(CultureInfo.InvariantCulture) ?? "map",
                entry.Pictures,
                entry.Numerics
            );
        }
        TextTable.Write(output, table);
    }

    private static ContractEntry Entry(WeightContract contract) =>
        new(
            contract.Name,
            contract.Architecture,
            contract.Width,
            [contract.Resolution.Height, contract.Resolution.Width],
            contract.Classes,
            InspectionReport.Words(contract.Preprocessing),
            InspectionReport.Words(contract.Form.Family),
            [.. contract.Files.Select(file => file.Name)],
            contract.Source
        );
}
