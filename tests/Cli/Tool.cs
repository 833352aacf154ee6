using System.Text.Json;

namespace ILGpuMobileNet.Cli.Tests;

/// <summary>What a run of the tool left.</summary>
/// <param name="Code">Exit code.</param>
/// <param name="Output">stdout.</param>
/// <param name="Error">stderr.</param>
internal sealed record ToolResult(int Code, string Output, string Error)
{
    public JsonElement Json => JsonDocument.Parse(Output).RootElement;
}

/// <summary>Runs the tool in this process.</summary>
internal static class Tool
{
    public static Task<ToolResult> RunAsync(params string[] arguments) => RunAsync(CancellationToken.None, arguments);

    public static async Task<ToolResult> RunAsync(CancellationToken cancellationToken, params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await Program.RunAsync(arguments, output, error, cancellationToken);
        return new(code, output.ToString(), error.ToString());
    }

    /// <summary>Names of an object's properties, in order.</summary>
    public static string Names(this JsonElement element) =>
        string.Join(' ', element.EnumerateObject().Select(property => property.Name));
}
