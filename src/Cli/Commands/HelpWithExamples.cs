using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace ILGpuMobileNet.Cli.Commands;

/// <summary>The usual help, followed by the command's examples.</summary>
/// <param name="usual">The library's help.</param>
internal sealed class HelpWithExamples(HelpAction usual) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        var code = usual.Invoke(parseResult);
        if (parseResult.CommandResult.Command is ToolCommand command)
        {
            var output = parseResult.InvocationConfiguration.Output;
            output.WriteLine("Examples:");
            foreach (var example in command.Examples)
            {
                output.WriteLine($"  mobilenet {example}");
            }
        }
        return code;
    }
}
