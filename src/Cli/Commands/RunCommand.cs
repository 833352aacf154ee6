using System.CommandLine;
using ILGpuMobileNet.Cli.Options;
using ILGpuMobileNet.Cli.Reports;

namespace ILGpuMobileNet.Cli.Commands;

/// <summary><c>mobilenet run</c>.</summary>
internal sealed class RunCommand : ToolCommand
{
    private readonly Argument<string> _model = CommonOptions.Model();

    private readonly Option<string> _input = new("--input")
    {
        HelpName = "x.npy",
        Description = "Normalised images, float32 with axes N,C,H,W.",
        Required = true,
    };

    private readonly Option<string> _output = new("--output")
    {
        HelpName = "y.npy",
        Description =
            "Receives the network's output, float32: N,C for logits, N,C,H,W for a feature map. A .npz file receives all "
            + "outputs by their names, as numpy.savez would write them; a network of several outputs needs one.",
        Required = true,
    };

    private readonly Option<bool> _json = CommonOptions.Json();
    private readonly ModelOptionSet _modelOptions = new();
    private readonly ExecutionOptionSet _execution = new();

    /// <summary>Declares the command.</summary>
    public RunCommand()
        : base(
            "run",
            "Put arrays through a network, without any image handling: for parity checks with other frameworks. "
                + "An architecture takes its resolution from the array unless --resolution names one.",
            "run mobilenet_v2 --weights v2.safetensors --input x.npy --output logits.npy",
            "run my-network.onnx --input x.npy --output y.npy",
            "run detector-backbone.onnx --input x.npy --output maps.npz"
        )
    {
        Add(_model);
        Add(_input);
        Add(_output);
        Add(_json);
        _modelOptions.AddTo(this);
        _execution.AddTo(this);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var options = _modelOptions.Read(arguments, arguments.GetRequiredValue(_model));
        var request = new ArrayRequest(
            options,
            arguments.GetRequiredValue(_input),
            arguments.GetRequiredValue(_output),
            _execution.Device(arguments),
            _execution.ThreadCount(arguments)
        );
        var error = arguments.InvocationConfiguration.Error;
        ProgressLine ProgressOf(int images) => new(error, images, resultsStream: false);
        var report = ArrayRun.Execute(request, ProgressOf, cancellationToken);
        await Notes.WriteAsync(error, report.Assumptions);
        var output = arguments.InvocationConfiguration.Output;
        if (arguments.GetValue(_json))
        {
            JsonOutput.Write(output, report, JsonOutput.Indented.RunReport);
        }
        else
        {
            var outputs = report.Outputs.Select(each => $"{each.Name} [{string.Join(", ", each.Axes)}]");
            var written = report.Outputs is [_] ? $"[{string.Join(", ", report.Output)}]" : string.Join(", ", outputs);
            await output.WriteLineAsync($"{report.File}: {written} on {report.Device}");
        }
        return ExitCode.Done;
    }
}
