namespace ILGpuMobileNet.Cli.Reports;

/// <summary>What was taken for granted, on stderr, where a person reads it and a program's stdout stays clean.</summary>
internal static class Notes
{
    /// <summary>Writes each on a line of its own.</summary>
    /// <param name="error">Receives them.</param>
    /// <param name="assumptions">Sentences.</param>
    public static async Task WriteAsync(TextWriter error, IReadOnlyList<string> assumptions)
    {
        foreach (var assumption in assumptions)
        {
            await error.WriteLineAsync($"note: {assumption}");
        }
    }
}
