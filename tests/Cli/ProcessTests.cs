using System.Diagnostics;
using ILGpuMobileNet.Reference;

namespace ILGpuMobileNet.Cli.Tests;

/// <summary>The tool as a process of its own.</summary>
public sealed class ProcessTests
{
    [Fact]
    public void Results_go_to_stdout_and_the_exit_code_is_0()
    {
        var result = Start("devices");

        Assert.Equal((ExitCode.Done, ""), (result.Code, result.Error));
        Assert.Contains("cpu", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Usage_errors_go_to_stderr_and_the_exit_code_is_2()
    {
        var result = Start("summary", "mobilenet_v9");

        Assert.Equal((ExitCode.Usage, ""), (result.Code, result.Output));
        Assert.StartsWith("error: ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_the_model_file_the_error_names_the_remedy()
    {
        using var folder = new TemporaryFolder();

        var result = Start(["classify", folder.WriteImage("a.ppm", 1)], ("MOBILENET_MODELS", folder.Folder));

        Assert.Equal((ExitCode.Failed, ""), (result.Code, result.Output));
        Assert.Contains("eng/fetch-model text-direction", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_picture_beyond_the_memory_is_reported_and_the_others_are_done()
    {
        using var folder = new TemporaryFolder();
        var huge = folder.PathOf("huge.pbm");
        File.WriteAllBytes(huge, [.. "P4\n9600 9600\n"u8, .. new byte[9600 / 8 * 9600]]);
        var good = folder.WriteImage("good.ppm", 1);
        string[] arguments = ["classify", huge, good, "--model", "mobilenet_v2_relu", "--random-weights", "1"];

        var result = Start(arguments, ("DOTNET_GCHeapHardLimit", "0x8000000")); // 128 MiB

        Assert.Equal(ExitCode.Failed, result.Code);
        Assert.StartsWith($"{good}: class", result.Output, StringComparison.Ordinal);
        Assert.Contains($"\nerror: {huge}: There is not enough memory", result.Error, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Ctrl_C_ends_a_long_command_cleanly()
    {
        Skip.If(OperatingSystem.IsWindows(), "There is no SIGINT to send on Windows.");
        Skip.If(
            IgnoresInterrupts(),
            "Interrupts are ignored here, as in a script's background, and children inherit it."
        );
        var tool = Path.Combine(AppContext.BaseDirectory, "mobilenet.dll");
        var start = new ProcessStartInfo("dotnet", [tool, "bench", "mobilenet_v2_relu", "--seconds", "600"])
        {
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var first = await process.StandardError.ReadLineAsync();

        using var interrupt = Process.Start("kill", ["-INT", $"{process.Id}"]);
        var rest = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.Contains("measuring", first, StringComparison.Ordinal);
        Assert.Equal((ExitCode.Cancelled, "cancelled\n"), (process.ExitCode, rest));
    }

    private static bool IgnoresInterrupts()
    {
        const string status = "/proc/self/status";
        var ignored = File.Exists(status) ? File.ReadLines(status).First(line => line.StartsWith("SigIgn:")) : "0";
        return (Convert.ToUInt64(ignored.Split('\t')[^1], 16) & 2) != 0; // bit 1: SIGINT
    }

    private static ToolResult Start(params string[] arguments) => Start(arguments, ("MOBILENET_MODELS", ""));

    private static ToolResult Start(string[] arguments, (string Name, string Value) variable)
    {
        var tool = Path.Combine(AppContext.BaseDirectory, "mobilenet.dll");
        var start = new ProcessStartInfo("dotnet", [tool, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment[variable.Name] = variable.Value;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new(process.ExitCode, output, error.Result);
    }
}
