using System.CommandLine;
using System.Globalization;
using ILGpuMobileNet.Cli.Options;
using ILGpuMobileNet.Cli.Reports;
using ILGpuMobileNet.Host;
using ILGpuMobileNet.Network.Execution;

namespace ILGpuMobileNet.Cli.Commands;

/// <summary><c>mobilenet tune</c>.</summary>
internal sealed class TuneCommand : ToolCommand
{
    private readonly Argument<string> _model = CommonOptions.Model();

    private readonly Option<int> _batch = Parsed
        .Option(
            "--batch",
            "N",
            "Largest batch of the sessions to tune for.",
            text => Parsed.Integer(text, 1, ClassifierOptions.LargestBatch)
        )
        .WithDefault(1);

    private readonly Option<string?> _output = new("--output")
    {
        HelpName = "FILE",
        Description = $"Where the measurements are kept; {Tuning.DefaultFile} unless given.",
    };

    private readonly Option<bool> _json = CommonOptions.Json();
    private readonly ModelOptionSet _modelOptions = new();
    private readonly ExecutionOptionSet _execution = new();

    /// <summary>Declares the command.</summary>
    public TuneCommand()
        : base(
            "tune",
            "Measure which tiles and group sizes of the kernels are fastest on a GPU for a network's shapes, and remember it. Later sessions on "
                + "that device use what was measured; the results stay the same bit for bit.",
            "tune mobilenet_v3_large --device cuda",
            "tune mobilenet_v2 --device opencl --batch 32"
        )
    {
        Add(_model);
        Add(_batch);
        Add(_output);
        Add(_json);
        _modelOptions.AddShapeTo(this);
        _execution.AddDeviceTo(this);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var options = _modelOptions.Read(arguments, arguments.GetRequiredValue(_model));
        var loaded = ModelSource.Load(options.WithRandomWeights(), cancellationToken);
        var session = new SessionOptions(arguments.GetValue(_batch)) { TuningFile = arguments.GetValue(_output) };
        var device = _execution.Device(arguments);
        var tuned = await Task.Run(
            () => Tuning.Run(loaded.Model, device, session, cancellationToken),
            cancellationToken
        );
        var output = arguments.InvocationConfiguration.Output;
        if (arguments.GetValue(_json))
        {
            JsonOutput.Write(output, tuned, JsonOutput.Indented.IReadOnlyListTunedLaunch);
        }
        else
        {
            WriteTable(output, tuned);
            output.WriteLine($"Kept in {session.TuningFile ?? Tuning.DefaultFile}");
        }
        return ExitCode.Done;
    }

    private static void WriteTable(TextWriter output, IReadOnlyList<TunedLaunch> tuned)
    {
        var table = TextTable.Create("Operation", "Shape", "By the rule", "Fastest", "#Gain");
        foreach (var launch in tuned)
        {
            var gain = launch.Gain.ToString("0.00x", CultureInfo.InvariantCulture);
            table.Add(launch.Operation, launch.Shape, launch.Rule, launch.Fastest, gain);
        }
        TextTable.Write(output, table);
    }
}
