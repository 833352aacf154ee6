using System.CommandLine;
using System.CommandLine.Parsing;
using ILGpuMobileNet.Host.Bulk;

namespace ILGpuMobileNet.Cli.Options;

/// <summary>What the user says about a bulk job.</summary>
/// <param name="Output">The file of results.</param>
/// <param name="Shard">Which part of the images.</param>
/// <param name="Resume">Whether results that are there are kept.</param>
internal sealed record BulkRequest(string Output, Shard Shard, bool Resume);

/// <summary>The options of a bulk job.</summary>
internal sealed class BulkOptionSet
{
    private readonly Option<string?> _output = new("--output")
    {
        HelpName = "FILE.jsonl|FILE.csv",
        Description =
            "Write results there in place of stdout, for any number of images: JSON, an object on each line, or CSV. Each "
            + "image is in it once, whatever interrupts the work.",
    };

    private readonly Option<Shard> _shard = Parsed
        .Option("--shard", "I/N", "Only part I of N, from 0; what a path is decides its part.", Shard.Parse)
        .WithDefault(Shard.Whole);

    private readonly Option<bool> _resume = new("--resume")
    {
        Description = "Keep the results that --output holds and leave their images out; begin where there are none.",
    };

    /// <summary>All of them.</summary>
    public IReadOnlyList<Option> Options => [_output, _shard, _resume];

    /// <summary>Has a command refuse what does not go together.</summary>
    /// <param name="command">The command that has the options.</param>
    /// <param name="hasSeveralDevices">Whether several devices were named.</param>
    public void Check(Command command, Func<CommandResult, bool> hasSeveralDevices) =>
        command.Validators.Add(result => RequireOutput(result, hasSeveralDevices(result)));

    /// <summary>The job that the user wants; null for none.</summary>
    /// <param name="arguments">The command line.</param>
    /// <exception cref="ArgumentException">The output has another ending.</exception>
    /// <exception cref="IOException">No file can be written there.</exception>
    public BulkRequest? Read(ParseResult arguments)
    {
        if (arguments.GetValue(_output) is not { } output)
        {
            return null;
        }
        ResultFormat.Of(output, topCount: 1);
        OutputPath.Check("--output", output);
        return new(output, arguments.GetValue(_shard), arguments.GetValue(_resume));
    }

    private void RequireOutput(CommandResult command, bool hasSeveralDevices)
    {
        var alone = new Option[] { _shard, _resume }
            .FirstOrDefault(option => command.GetResult(option) is { Implicit: false })
            ?.Name;
        alone ??= hasSeveralDevices ? "More than one --device" : null;
        if (alone is not null && command.GetResult(_output) is null)
        {
            command.AddError($"{alone} needs --output FILE, the file of results.");
        }
    }
}
