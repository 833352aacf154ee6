namespace ILGpuMobileNet.Benchmarks.Compare;

/// <summary>A table of what <c>perf/compare</c> prints, a row for each case.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="Columns">Their names, after the network's.</param>
/// <param name="Cases">What is measured.</param>
/// <param name="Row">Measures a case and tells the columns.</param>
internal sealed record ComparisonTable(
    string Title,
    IReadOnlyList<string> Columns,
    IEnumerable<ComparisonCase> Cases,
    Func<ComparisonCase, IEnumerable<string>> Row
)
{
    /// <summary>The table of the cases that a filter names.</summary>
    /// <param name="filter">Words of which a case's name must begin with one; none means every case.</param>
    public ComparisonTable Only(IReadOnlyList<string> filter) =>
        this with
        {
            Cases = [.. Cases.Where(one => filter.Count == 0 || filter.Any(one.Name.StartsWith))],
        };

    /// <summary>Prints the table, each row as soon as it is measured.</summary>
    /// <param name="output">Receives it.</param>
    public void Write(TextWriter output)
    {
        output.WriteLine($"\n## {Title}\n");
        output.WriteLine($"| network | {string.Join(" | ", Columns)} |");
        output.WriteLine($"|---{string.Concat(Columns.Select(_ => "|---"))}|");
        foreach (var one in Cases)
        {
            output.WriteLine($"| {one.Name} | {string.Join(" | ", Row(one))} |");
        }
    }
}
