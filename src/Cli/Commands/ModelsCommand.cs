using System.CommandLine;
using System.Globalization;
using ILGpuMobileNet.Cli.Options;
using ILGpuMobileNet.Cli.Reports;
using ILGpuMobileNet.Host;
using ILGpuMobileNet.Network.Architectures;

namespace ILGpuMobileNet.Cli.Commands;

/// <summary><c>mobilenet models</c>.</summary>
internal sealed class ModelsCommand : ToolCommand
{
    private static readonly ModelEntry Trained = new(
        ModelOptions.DefaultModel,
        "Trained: is a line of text upright (0) or upside down (180)? MobileNetV3-Small x0.35.",
        0.35,
        [48, 192],
        2,
        "PaddleOCR; fetched by eng/fetch-model"
    );

    private readonly Option<bool> _contracts = new("--contracts")
    {
        Description = "List the published weights that are known, with what they expect of network and pictures.",
    };

    private readonly Option<bool> _json = CommonOptions.Json();

    /// <summary>Declares the command.</summary>
    public ModelsCommand()
        : base(
            "models",
            "List the networks, with the width, resolution and classes they have unless told otherwise.",
            "models",
            "models --contracts",
            "models --json"
        )
    {
        Add(_contracts);
        Add(_json);
    }

    /// <inheritdoc/>
    protected override Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var output = arguments.InvocationConfiguration.Output;
        if (arguments.GetValue(_contracts))
        {
            ContractReport.Write(output, arguments.GetValue(_json));
            return Task.FromResult(ExitCode.Done);
        }
        IReadOnlyList<ModelEntry> entries = [Trained, .. ArchitectureCatalog.All.Select(Entry)];
        if (arguments.GetValue(_json))
        {
            JsonOutput.Write(output, entries, JsonOutput.Indented.IReadOnlyListModelEntry);
        }
        else
        {
            WriteTable(output, entries);
        }
        return Task.FromResult(ExitCode.Done);
    }

    private static ModelEntry Entry(Architecture network) =>
        new(
            network.Name,
            network.Description,
            network.DefaultWidth,
            [network.DefaultResolution.Height, network.DefaultResolution.Width],
            network.DefaultClasses,
            network.Source
        );

    private static void WriteTable(TextWriter output, IReadOnlyList<ModelEntry> entries)
    {
        var table = TextTable.Create("Name", "#Width", "#Resolution", "#Classes", "Description", "Source");
        foreach (var entry in entries)
        {
            table.Add(
                entry.Name,
                entry.Width.ToString(CultureInfo.InvariantCulture),
                string.Join('x', entry.Resolution),
                entry.Classes?.ToString(CultureInfo.InvariantCulture) ?? "map",
                entry.Description,
                entry.Source
            );
        }
        TextTable.Write(output, table);
    }
}
