using System.CommandLine;
using ILGpuMobileNet.Host;
using ILGpuMobileNet.Host.Comparison;

namespace ILGpuMobileNet.Cli.Options;

/// <summary>The options of both sides: plain ones hold for both, those that end in <c>-b</c> for the second alone.</summary>
internal sealed class ComparedSides
{
    private readonly ModelOptionSet _model = new();
    private readonly ModelOptionSet _modelB = new("-b");
    private readonly ExecutionOptionSet _execution = new();

    private readonly Option<bool> _unfused = new("--unfused")
    {
        Description = "Compute every layer on its own, nothing fused and no batch normalisation folded.",
    };

    private readonly Option<bool> _unfusedB = new("--unfused-b") { Description = "The same for B alone." };

    private readonly Option<DeviceName?> _deviceB = Parsed.Option<DeviceName?>(
        "--device-b",
        "D",
        "The device of B where it is another one.",
        text => DeviceName.Parse(text)
    );

    /// <summary>Adds them.</summary>
    /// <param name="command">The command.</param>
    public void AddTo(Command command)
    {
        _model.AddTo(command);
        _execution.AddTo(command);
        command.Add(_unfused);
        _modelB.AddTo(command);
        command.Add(_deviceB);
        command.Add(_unfusedB);
    }

    /// <summary>What the user chose.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="a">The first side's model or file.</param>
    /// <param name="b">The second side's.</param>
    public (ComparedSide A, ComparedSide B) Read(ParseResult arguments, string a, string b)
    {
        var run = new NetworkRunOptions
        {
            Device = _execution.Device(arguments),
            ThreadCount = _execution.ThreadCount(arguments),
            Unfused = arguments.GetValue(_unfused),
        };
        var runB = run with
        {
            Device = arguments.GetValue(_deviceB) ?? run.Device,
            Unfused = run.Unfused || arguments.GetValue(_unfusedB),
        };
        var modelB = _modelB.Read(arguments, Plain(arguments, b, other: a));
        return (new(Plain(arguments, a, other: b), run), new(modelB, runB));
    }

    /// <summary>The plain options; of those a file beside an architecture takes the resolution alone.</summary>
    private ModelOptions Plain(ParseResult arguments, string model, string other)
    {
        var options = _model.Read(arguments, model);
        return ModelSource.IsFile(model) && ComparedSide.IsArchitecture(other)
            ? new() { Model = model, Resolution = options.Resolution }
            : options;
    }
}
