using System.CommandLine;
using ILGpuMobileNet.Cli.Commands;

namespace ILGpuMobileNet.Cli.Tests;

public sealed class ToolCommandTests
{
    public static TheoryData<Exception, int, string> Faults =>
        new()
        {
            { new OperationCanceledException(), ExitCode.Cancelled, "cancelled\n" },
            { new ArgumentException("Bad.", "width"), ExitCode.Usage, "error: Bad.\n" },
            { new IOException("Two\nlines."), ExitCode.Failed, "error: Two lines.\n" },
            { new UnauthorizedAccessException("Closed."), ExitCode.Failed, "error: Closed.\n" },
            { new InsufficientMemoryException("1 + 2 bytes."), ExitCode.Failed, "error: 1 + 2 bytes.\n" },
            {
                new OverflowException(),
                ExitCode.Failed,
                "error: This needs more memory than there is. Use a smaller --batch or --resolution.\n"
            },
        };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_fault_becomes_one_line_and_an_exit_code(Exception fault, int code, string line)
    {
        using var error = new StringWriter();
        var command = new FailingCommand(fault);

        var actual = await command.Parse([]).InvokeAsync(new InvocationConfiguration { Error = error });

        Assert.Equal((code, line), (actual, error.ToString()));
    }

    [Fact]
    public async Task A_fault_of_the_tool_itself_is_not_hidden()
    {
        var invocation = new InvocationConfiguration { EnableDefaultExceptionHandler = false };
        var command = new FailingCommand(new InvalidOperationException("A bug."));

        await Assert.ThrowsAsync<InvalidOperationException>(() => command.Parse([]).InvokeAsync(invocation));
    }

    private sealed class FailingCommand(Exception fault) : ToolCommand("fail", "Fails.")
    {
        protected override Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken) =>
            throw fault;
    }
}
