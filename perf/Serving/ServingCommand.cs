using System.Globalization;
using System.Runtime.InteropServices;
using ILGpuMobileNet.Host.Serving;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Kernels.Simd;
using ILGpuMobileNet.Network.Architectures;
using ILGpuMobileNet.Network.Execution;
using static System.FormattableString;

namespace ILGpuMobileNet.Benchmarks.Serving;

/// <summary>Measures the host beside a plain session and prints tables.</summary>
internal static class ServingCommand
{
    private const int Rounds = 15; // short ones: a machine that is held up spoils few of them
    private const string DefaultNetwork = "mobilenet_v3_small";
    private static readonly TimeSpan s_turn = TimeSpan.FromMilliseconds(300); // of a session alone

    /// <summary>Measures.</summary>
    /// <param name="arguments">The network and the longest delay in milliseconds; either may be left out.</param>
    /// <param name="output">Receives the tables.</param>
    /// <returns>The exit code: 2 where the arguments make no sense.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, TextWriter output)
    {
        var network = arguments.Count > 0 ? arguments[0] : DefaultNetwork;
        if (ArchitectureCatalog.All.All(known => known.Name != network) || Delay(arguments) is not { } delay)
        {
            Console.Error.WriteLine(
                $"error: '{string.Join(' ', arguments)}' is no network with a delay in milliseconds."
            );
            return 2;
        }
        var threads = Environment.ProcessorCount;
        output.WriteLine(
            $"{ProcessorName.Read()}, {threads} cores, {Simd.Preferred}, {RuntimeInformation.FrameworkDescription}"
        );
        var speeds = SessionSpeed.OfBatches(network, threads, s_turn);
        WriteSpeeds(network, speeds, output);
        await using var comparison = await ServingComparison.StartAsync(
            network,
            SessionSpeed.BestBatch(speeds),
            threads,
            delay
        );
        var rounds = new List<IReadOnlyList<ServingRound>>();
        while (rounds.Count < Rounds)
        {
            rounds.Add(await comparison.RunAsync());
        }
        foreach (var (host, sessions) in comparison.SessionCounts.Index())
        {
            var title = sessions == 1 ? $"one session of {threads} threads" : $"{sessions} sessions of one thread";
            output.WriteLine($"\n## A host of {title}, batches of at most {comparison.Batch}");
            List<ServingRound> own = [.. rounds.Select(round => round[host])];
            WriteThroughput(own, output);
            WriteLatency(delay, own, output);
        }
        return 0;
    }

    private static TimeSpan? Delay(IReadOnlyList<string> arguments) =>
        arguments.Count < 2 ? new MobileNetHostOptions().MaximalDelay
        : double.TryParse(arguments[1], NumberStyles.Float, CultureInfo.InvariantCulture, out var delay)
        && delay is >= 0 and <= 1000
            ? TimeSpan.FromMilliseconds(delay)
        : null;

    private static void WriteSpeeds(string network, IReadOnlyList<SessionSpeed> speeds, TextWriter output)
    {
        output.WriteLine($"\n## {network}: a session alone\n");
        output.WriteLine("| batch | ms | images/s |");
        output.WriteLine("|---|---|---|");
        foreach (var speed in speeds)
        {
            output.WriteLine(Invariant($"| {speed.Batch} | {speed.Milliseconds:0.00} | {speed.ImagesPerSecond:0.0} |"));
        }
    }

    private static void WriteThroughput(List<ServingRound> rounds, TextWriter output)
    {
        output.WriteLine($"\n{ServingComparison.CallerCount} callers, each again as soon as it is answered:\n");
        output.WriteLine("| session images/s | host images/s | ratio | mean batch | p50 ms | p99 ms |");
        output.WriteLine("|---|---|---|---|---|---|");
        foreach (var (session, full, _) in rounds)
        {
            var ratio = full.SamplesPerSecond / session.ImagesPerSecond;
            var latency = full.LatencyMilliseconds;
            output.WriteLine(
                Invariant(
                    $"| {session.ImagesPerSecond:0.0} | {full.SamplesPerSecond:0.0} | {ratio:0.000} | {full.MeanBatch:0.0} | {latency.P50:0.0} | {latency.P99:0.0} |"
                )
            );
        }
        var median = Trial.Median(rounds.Select(round => round.ThroughputRatio));
        output.WriteLine(Invariant($"\nMedian ratio {median:0.000}."));
    }

    private static void WriteLatency(TimeSpan delay, List<ServingRound> rounds, TextWriter output)
    {
        output.WriteLine("\nHalf of that rate, arriving at random:\n");
        output.WriteLine(
            "| images/s | mean batch | p50 ms | p99 ms | batch ms | bound ms | p99 / bound | asked late, p99 ms |"
        );
        output.WriteLine("|---|---|---|---|---|---|---|---|");
        foreach (var (session, _, half) in rounds)
        {
            var latency = half.LatencyMilliseconds;
            output.WriteLine(
                Invariant(
                    $"| {half.Rate:0.0} | {half.MeanBatch:0.0} | {latency.P50:0.0} | {latency.P99:0.0} | {session.Milliseconds:0.0} | {half.BoundMilliseconds:0.0} | {latency.P99 / half.BoundMilliseconds:0.00} | {half.LatenessMilliseconds!.P99:0.0} |"
                )
            );
        }
        var median = Trial.Median(rounds.Select(round => round.LatencyRatio));
        output.WriteLine(
            Invariant(
                $"\nBound: {delay.TotalMilliseconds:0.#} ms of delay and three batches. Median of p99 over bound {median:0.00}."
            )
        );
    }
}
