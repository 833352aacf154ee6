using System.Diagnostics;

namespace ILGpuMobileNet.Cli.Tests;

/// <summary>The tool as a process of its own.</summary>
internal static class ToolProcess
{
    /// <summary>Runs it to its end, without the model file unless a variable names one.</summary>
    public static ToolResult Run(params string[] arguments) => Run(arguments, ("MOBILENET_MODELS", ""));

    /// <summary>Runs it to its end with environment variables.</summary>
    public static ToolResult Run(string[] arguments, params (string Name, string Value)[] variables)
    {
        using var process = Start(arguments, variables);
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new(process.ExitCode, output, error.Result);
    }

    /// <summary>Starts it.</summary>
    public static Process Start(string[] arguments, params (string Name, string Value)[] variables)
    {
        var tool = Path.Combine(AppContext.BaseDirectory, "mobilenet.dll");
        var start = new ProcessStartInfo("dotnet", [tool, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }
        return Process.Start(start)!;
    }
}
