using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Cli.Reports;

/// <summary>What is used and what was taken for granted, on stderr, where a person reads it and a program's stdout stays clean.</summary>
internal static class Notes
{
    /// <summary>Writes which network pictures go through.</summary>
    /// <param name="error">Receives it.</param>
    /// <param name="network">The network and its device.</param>
    /// <param name="preparedAs">What pictures are prepared as for.</param>
    public static Task WriteUseAsync(TextWriter error, string network, string preparedAs) =>
        error.WriteLineAsync($"{network}, pictures prepared as for {preparedAs}");

    /// <summary>Writes each on a line of its own.</summary>
    /// <param name="error">Receives them.</param>
    /// <param name="assumptions">Sentences.</param>
    public static async Task WriteAsync(TextWriter error, IReadOnlyList<string> assumptions)
    {
        foreach (var assumption in assumptions)
        {
            await error.WriteLineAsync($"note: {ShownText.Of(assumption)}");
        }
    }
}
