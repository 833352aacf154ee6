using System.CommandLine;
using ILGpuMobileNet.Cli.Options;
using ILGpuMobileNet.Cli.Reports;
using ILGpuMobileNet.Host;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Cli.Commands;

/// <summary><c>mobilenet inspect</c>.</summary>
internal sealed class InspectCommand : ToolCommand
{
    private readonly Argument<string> _file = new("FILE")
    {
        Description = "A file of weights or a graph, whatever its name; its content says what it is.",
    };

    private readonly Option<bool> _tensors = new("--tensors") { Description = "List every tensor of the file too." };
    private readonly Option<bool> _json = CommonOptions.Json();

    /// <summary>Declares the command.</summary>
    public InspectCommand()
        : base(
            "inspect",
            "Say what a file is: format, tensors, ecosystem, architecture, width and classes that it fits, what is missing "
                + "or extra, and which contract (numerics, pictures, labels) its weights have. The exit code is 1 where it "
                + "cannot be used.",
            "inspect mobilenet_v3_large-5c1a4163.pth",
            "inspect weights.safetensors --tensors",
            "inspect my-network.onnx --json"
        )
    {
        Add(_file);
        Add(_tensors);
        Add(_json);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var path = arguments.GetRequiredValue(_file);
        var inspection = await Task.Run(() => FileInspector.Inspect(path, cancellationToken), cancellationToken);
        var output = arguments.InvocationConfiguration.Output;
        var withTensors = arguments.GetValue(_tensors);
        if (arguments.GetValue(_json))
        {
            var document = InspectionDocument.Of(inspection, withTensors);
            JsonOutput.Write(output, document, JsonOutput.Indented.InspectionDocument);
        }
        else
        {
            InspectionReport.Write(output, inspection, withTensors);
        }
        if (inspection.Refusal is { } refusal)
        {
            await arguments.InvocationConfiguration.Error.WriteLineAsync($"error: {ShownText.OneLine(refusal)}");
            return ExitCode.Failed;
        }
        await Notes.WriteAsync(arguments.InvocationConfiguration.Error, inspection.Model?.Assumptions ?? []);
        return ExitCode.Done;
    }
}
