using System.CommandLine;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Cli.Commands;

/// <summary>A command with examples; what goes wrong in it becomes one line on stderr and an exit code.</summary>
internal abstract class ToolCommand : Command
{
    /// <summary>Names the command.</summary>
    /// <param name="name">What the user types.</param>
    /// <param name="description">What it does, in a sentence.</param>
    /// <param name="examples">Command lines that work, without the tool's name.</param>
    protected ToolCommand(string name, string description, params string[] examples)
        : base(name, description)
    {
        Examples = examples;
        SetAction(GuardAsync);
    }

    /// <summary>Command lines that work, without the tool's name.</summary>
    public IReadOnlyList<string> Examples { get; }

    /// <summary>Does the work.</summary>
    /// <param name="arguments">What the user asked for, and where results and messages go.</param>
    /// <param name="cancellationToken">Set by Ctrl+C.</param>
    /// <returns>A value of <see cref="ExitCode"/>.</returns>
    protected abstract Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken);

    private async Task<int> GuardAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        try
        {
            return await RunAsync(arguments, cancellationToken);
        }
        catch (Exception fault) when (ExitCode.Of(fault) is { } code)
        {
            var message = code == ExitCode.Cancelled ? "cancelled" : $"error: {MessageOf(fault)}";
            await arguments.InvocationConfiguration.Error.WriteLineAsync(message);
            return code;
        }
    }

    // The runtime appends the parameter's name, which means nothing to who types a command.
    private static string MessageOf(Exception fault)
    {
        var message = fault switch
        {
            ArgumentException { ParamName: { } name } => fault.Message.Replace(
                $" (Parameter '{name}')",
                "",
                StringComparison.Ordinal
            ),
            InsufficientMemoryException => fault.Message,
            OutOfMemoryException or OverflowException =>
                "This needs more memory than there is. Use a smaller --batch or --resolution.",
            _ => fault.Message,
        };
        return ShownText.OneLine(message.ReplaceLineEndings(" "));
    }
}
