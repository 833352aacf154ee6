using System.Diagnostics;
using ILGpuMobileNet.Reference;

namespace ILGpuMobileNet.Cli.Tests;

/// <summary>The tool as a process of its own.</summary>
public sealed class ProcessTests
{
    [Fact]
    public void Results_go_to_stdout_and_the_exit_code_is_0()
    {
        var result = ToolProcess.Run("devices");

        Assert.Equal((ExitCode.Done, ""), (result.Code, result.Error));
        Assert.Contains("cpu", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Usage_errors_go_to_stderr_and_the_exit_code_is_2()
    {
        var result = ToolProcess.Run("summary", "mobilenet_v9");

        Assert.Equal((ExitCode.Usage, ""), (result.Code, result.Output));
        Assert.StartsWith("error: ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_the_model_file_the_error_names_the_remedy()
    {
        using var folder = new TemporaryFolder();

        var result = ToolProcess.Run(["classify", folder.WriteImage("a.ppm", 1)], ("MOBILENET_MODELS", folder.Folder));

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

        var result = ToolProcess.Run(arguments, ("DOTNET_GCHeapHardLimit", "0x8000000")); // 128 MiB

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
        using var process = ToolProcess.Start("bench", "mobilenet_v2_relu", "--seconds", "600");
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
}
