using ILGpuMobileNet.Host;
using ILGpuMobileNet.Host.Load;
using static System.FormattableString;

namespace ILGpuMobileNet.Cli.Reports;

/// <summary>What <c>load</c> prints.</summary>
internal static class LoadReport
{
    /// <summary>Writes a run.</summary>
    /// <param name="output">Receives it.</param>
    /// <param name="result">The run.</param>
    /// <param name="isJson">As JSON in place of text.</param>
    public static void Write(TextWriter output, LoadResult result, bool isJson)
    {
        if (isJson)
        {
            JsonOutput.Write(output, result, JsonOutput.Indented.LoadResult);
            return;
        }
        WriteTimes(output, result);
        string?[] lines =
        [
            $"{result.Model} on {string.Join(", ", result.Devices)}, {ItemText.Of(result.Scenario)}: {LoadText.Metric(result)}",
            LoadText.Amount(result),
            LoadText.Batches(result),
            LoadText.Lateness(result),
            LoadText.Verdict(result),
        ];
        foreach (var line in lines.OfType<string>())
        {
            output.WriteLine(line);
        }
    }

    /// <summary>Writes a search for the highest rate.</summary>
    /// <param name="output">Receives it.</param>
    /// <param name="search">The search.</param>
    /// <param name="isJson">As JSON in place of text.</param>
    public static void Write(TextWriter output, RateSearchResult search, bool isJson)
    {
        if (isJson)
        {
            JsonOutput.Write(output, search, JsonOutput.Indented.RateSearchResult);
            return;
        }
        if (search.Best is { } best)
        {
            Write(output, best, isJson);
        }
        var found = search.Best is { } passed ? Invariant($"{passed.Rate:0.0} images/s") : "none";
        output.WriteLine(
            Invariant(
                $"Highest rate that passes: {found}, of {search.Capacity:0.0} images/s with always enough to do; {search.Trials.Count} runs"
            )
        );
    }

    private static void WriteTimes(TextWriter output, LoadResult result)
    {
        var table = TextTable.Create("ms", "#min", "#mean", "#50%", "#90%", "#95%", "#97%", "#99%", "#99.9%", "#max");
        AddTimes("latency", result.LatencyMilliseconds);
        if (result.LatenessMilliseconds is { } lateness)
        {
            AddTimes("asked late", lateness);
        }
        TextTable.Write(output, table);

        void AddTimes(string name, Percentiles times)
        {
            double[] all =
            [
                times.Min,
                times.Mean,
                times.P50,
                times.P90,
                times.P95,
                times.P97,
                times.P99,
                times.P999,
                times.Max,
            ];
            table.Add([name, .. all.Select(time => Invariant($"{time:0.000}"))]);
        }
    }
}
