using System.CommandLine;
using ILGpuMobileNet.Cli.Options;
using ILGpuMobileNet.Cli.Reports;
using ILGpuMobileNet.Cli.Reports.Roofline;
using ILGpuMobileNet.Host;
using ILGpuMobileNet.Network.Execution;

namespace ILGpuMobileNet.Cli.Commands;

/// <summary><c>mobilenet profile</c>.</summary>
internal sealed class ProfileCommand : ToolCommand
{
    private const int MaximalRounds = 100_000;

    private readonly Argument<string> _model = CommonOptions.Model();

    private readonly Option<int> _batch = Parsed
        .Option("--batch", "N", "Images of a run.", text => Parsed.Integer(text, 1, ClassifierOptions.LargestBatch))
        .WithDefault(1);

    private readonly Option<int> _rounds = Parsed
        .Option(
            "--rounds",
            "N",
            "Runs to measure; each figure is the median.",
            text => Parsed.Integer(text, 1, MaximalRounds)
        )
        .WithDefault(Profiler.DefaultRounds);

    private readonly Option<string?> _svg = new("--svg")
    {
        HelpName = "FILE",
        Description = "Also draw the steps under the machine's roofs (compute and memory) into an SVG file.",
    };

    private readonly Option<bool> _json = CommonOptions.Json();
    private readonly ModelOptionSet _modelOptions = new();
    private readonly ExecutionOptionSet _execution = new();

    /// <summary>Declares the command.</summary>
    public ProfileCommand()
        : base(
            "profile",
            "Measure every step of a network: time, operations and bytes a second, and on the CPU how near it comes to "
                + "what the machine can do, which is measured in the same run.",
            "profile mobilenet_v3_large --threads 1",
            "profile mobilenet_v2 --batch 8 --svg roofline.svg"
        )
    {
        Add(_model);
        Add(_batch);
        Add(_rounds);
        Add(_svg);
        Add(_json);
        _modelOptions.AddTo(this);
        _execution.AddTo(this);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var svg = arguments.GetValue(_svg);
        if (svg is not null)
        {
            OutputPath.Check("--svg", svg);
        }
        var options = _modelOptions.Read(arguments, arguments.GetRequiredValue(_model));
        var loaded = ModelSource.Load(options.WithRandomWeights(), cancellationToken);
        var session = new SessionOptions(arguments.GetValue(_batch), _execution.ThreadCount(arguments));
        var (device, rounds) = (_execution.Device(arguments), arguments.GetValue(_rounds));
        var profile = await Task.Run(
            () => Profiler.Run(loaded.Model, device, session, rounds, cancellationToken),
            cancellationToken
        );
        ProfileReport.Write(arguments.InvocationConfiguration.Output, profile, arguments.GetValue(_json));
        if (svg is not null)
        {
            RooflineChart.Write(svg, profile);
            await arguments.InvocationConfiguration.Error.WriteLineAsync($"Drawn in {svg}");
        }
        return ExitCode.Done;
    }
}
