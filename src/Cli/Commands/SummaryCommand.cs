using System.CommandLine;
using System.Globalization;
using ILGpuMobileNet.Cli.Options;
using ILGpuMobileNet.Cli.Reports;
using ILGpuMobileNet.Host;
using ILGpuMobileNet.Network.Execution;
using ILGpuMobileNet.Network.Graph;

namespace ILGpuMobileNet.Cli.Commands;

/// <summary><c>mobilenet summary</c>.</summary>
internal sealed class SummaryCommand : ToolCommand
{
    private readonly Argument<string> _model = CommonOptions.Model();

    private readonly Option<bool> _plan = new("--plan")
    {
        Description = "List what a GPU session does in one run: kernels, launches, bytes moved, memory.",
    };

    private readonly Option<bool> _memory = new("--memory")
    {
        Description = "List the bytes that a session holds: on --device, which need not be here, with --threads.",
    };

    private readonly Option<int> _batch = Parsed
        .Option(
            "--batch",
            "N",
            "Images of the run that --plan and --memory describe.",
            text => Parsed.Integer(text, 1, ClassifierOptions.LargestBatch)
        )
        .WithDefault(1);

    private readonly Option<bool> _json = CommonOptions.Json();
    private readonly ModelOptionSet _modelOptions = new();
    private readonly ExecutionOptionSet _execution = new();

    /// <summary>Declares the command.</summary>
    public SummaryCommand()
        : base(
            "summary",
            "List a network's layers with their shapes, parameters and multiply-adds, and what each depthwise-separable "
                + "pair costs compared with a standard convolution (1/N + 1/k²).",
            "summary mobilenet_v3_small",
            "summary mobilenet_v1 --width 0.5 --resolution 160x160 --classes 10",
            "summary my-network.onnx --json",
            "summary mobilenet_v3_large --plan --batch 8",
            "summary mobilenet_v3_large --memory --batch 64 --device cuda"
        )
    {
        Add(_model);
        Add(_plan);
        Add(_memory);
        Add(_batch);
        Add(_json);
        _modelOptions.AddShapeTo(this);
        _execution.AddTo(this);
    }

    /// <inheritdoc/>
    protected override Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var options = _modelOptions.Read(arguments, arguments.GetRequiredValue(_model));
        var (output, isJson) = (arguments.InvocationConfiguration.Output, arguments.GetValue(_json));
        switch (arguments.GetValue(_plan), arguments.GetValue(_memory))
        {
            case (true, true):
                throw new ArgumentException("--plan and --memory are two reports. Give one of them.");
            case (true, false):
                var loaded = ModelSource.Load(options.WithRandomWeights(), cancellationToken);
                PlanReport.Write(output, PlanSummary.Of(loaded.Model, arguments.GetValue(_batch)), isJson);
                break;
            case (false, true):
                Memory(arguments, ModelSource.Load(options.WithRandomWeights(), cancellationToken))
                    .Write(output, isJson);
                break;
            default:
                Write(output, NetworkSummary.Of(ModelSource.LoadGraph(options, cancellationToken)), isJson);
                break;
        }
        return Task.FromResult(ExitCode.Done);
    }

    private MemoryReport Memory(ParseResult arguments, LoadedModel loaded)
    {
        var device = Devices.ResolveAuto(_execution.Device(arguments));
        var (batch, asked) = (arguments.GetValue(_batch), _execution.ThreadCount(arguments));
        int? threads =
            device.Kind != DeviceKind.Cpu ? null
            : asked == 0 ? Environment.ProcessorCount
            : asked;
        var memory = Devices.MemoryFor(loaded.Model, device, new(batch, threads ?? 0));
        return new(loaded.Name, device.ToString(), batch, threads, memory);
    }

    private static void Write(TextWriter output, NetworkSummary summary, bool isJson)
    {
        if (isJson)
        {
            JsonOutput.Write(output, summary, JsonOutput.Indented.NetworkSummary);
        }
        else
        {
            WriteTable(output, summary);
        }
    }

    private static void WriteTable(TextWriter output, NetworkSummary summary)
    {
        var table = TextTable.Create("Layer", "Kind", "Output", "#Parameters", "#Multiply-adds", "#Of standard");
        foreach (var layer in summary.Layers)
        {
            table.Add(
                layer.Name,
                layer.Kind,
                string.Join('x', layer.Output),
                Number(layer.Parameters),
                Number(layer.Macs),
                layer.CostVsStandard is { } cost ? cost.Measured.ToString("0.0%", CultureInfo.InvariantCulture) : ""
            );
        }
        TextTable.Write(output, table);
        output.WriteLine($"{summary.Model}: {string.Join('x', summary.Input)} -> {string.Join('x', summary.Output)}");
        output.WriteLine($"{Number(summary.Parameters)} parameters, {Number(summary.Macs)} multiply-adds");
    }

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
