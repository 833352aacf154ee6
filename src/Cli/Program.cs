using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Runtime.InteropServices;
using ILGpuMobileNet.Cli.Commands;

namespace ILGpuMobileNet.Cli;

/// <summary>The <c>mobilenet</c> tool.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] arguments)
    {
        using var source = new CancellationTokenSource();
        void Cancel(PosixSignalContext signal)
        {
            signal.Cancel = true;
            source.Cancel();
        }
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel);
        return await RunAsync(arguments, Console.Out, Console.Error, source.Token);
    }

    /// <summary>Runs one command.</summary>
    /// <param name="arguments">What follows the tool's name.</param>
    /// <param name="output">Receives results.</param>
    /// <param name="error">Receives messages and progress.</param>
    /// <param name="cancellationToken">Stops the command, as Ctrl+C does.</param>
    /// <returns>A value of <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(
        IReadOnlyList<string> arguments,
        TextWriter output,
        TextWriter error,
        CancellationToken cancellationToken = default
    )
    {
        var parsed = CreateRoot().Parse(arguments);
        if (parsed.Action is ParseErrorAction)
        {
            await ReportUsageAsync(parsed, error);
            return ExitCode.Usage;
        }
        var configuration = new InvocationConfiguration
        {
            Output = output,
            Error = error,
            ProcessTerminationTimeout = null, // Main listens, and from the first moment on
        };
        return await parsed.InvokeAsync(configuration, cancellationToken);
    }

    private static RootCommand CreateRoot()
    {
        var root = new RootCommand("Runs the MobileNet family: classify images, inspect and measure networks.")
        {
            new ClassifyCommand(),
            new RunCommand(),
            new CompareCommand(),
            new FeaturesCommand(),
            new SummaryCommand(),
            new TuneCommand(),
            new InspectCommand(),
            new ConvertCommand(),
            new ModelsCommand(),
            new DevicesCommand(),
            new BenchCommand(),
            new LoadCommand(),
            new ProfileCommand(),
        };
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!);
        return root;
    }

    private static async Task ReportUsageAsync(ParseResult parsed, TextWriter error)
    {
        foreach (var fault in parsed.Errors.Select(fault => fault.Message).Distinct())
        {
            await error.WriteLineAsync($"error: {fault}");
        }
        var command = parsed.CommandResult.Command;
        var path = command is RootCommand ? "mobilenet" : $"mobilenet {command.Name}";
        await error.WriteLineAsync($"Run '{path} --help' for what is allowed.");
    }
}
