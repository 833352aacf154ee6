using System.Diagnostics;

namespace ILGpuMobileNet.Cli.Tests;

/// <summary>The tool as a process of its own.</summary>
internal static class ToolProcess
{
    private static readonly string s_tool = Path.Combine(AppContext.BaseDirectory, "mobilenet.dll");

    /// <summary>Runs it to its end, without the model file unless a variable names one.</summary>
    public static ToolResult Run(params string[] arguments) => Run(arguments, ("MOBILENET_MODELS", ""));

    /// <summary>Runs it to its end with environment variables.</summary>
    public static ToolResult Run(string[] arguments, params (string Name, string Value)[] variables) =>
        Finish(Start(s_tool, arguments, variables));

    /// <summary>Runs a build of it to its end.</summary>
    public static ToolResult RunAt(string tool, params string[] arguments) => Finish(Start(tool, arguments));

    /// <summary>Starts it.</summary>
    public static Process Start(params string[] arguments) => Start(s_tool, arguments);

    private static ToolResult Finish(Process started)
    {
        using var process = started;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new(process.ExitCode, output, error.Result);
    }

    private static Process Start(string tool, string[] arguments, params (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo("dotnet", [tool, .. arguments])
        {
            RedirectStandardInput = true,
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
