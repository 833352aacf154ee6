using ILGpuMobileNet.Benchmarks.Compare;
using ILGpuMobileNet.Host;
using ILGpuMobileNet.Host.Load;
using ILGpuMobileNet.Host.Serving;

namespace ILGpuMobileNet.Benchmarks.Serving;

/// <summary>What one round measured of a host, beside a plain session.</summary>
/// <param name="Session">The plain session.</param>
/// <param name="Full">The host with as many callers as keep it busy.</param>
/// <param name="Half">The host at half that rate.</param>
internal sealed record ServingRound(SessionSpeed Session, LoadResult Full, LoadResult Half)
{
    /// <summary>Images a second of the host over those of the session.</summary>
    public double ThroughputRatio => Full.SamplesPerSecond / Session.ImagesPerSecond;

    /// <summary>99th percentile of the latency over its bound.</summary>
    public double LatencyRatio => Half.LatencyMilliseconds.P99 / Half.BoundMilliseconds!.Value;
}

/// <summary>
/// A plain session, and hosts with one session and with several, which share the same number of threads; all have the same
/// network and batch and take turns.
/// </summary>
internal sealed class ServingComparison : IAsyncDisposable
{
    /// <summary>Callers that keep a host busy.</summary>
    public const int CallerCount = 64;

    private const int BatchesInBound = 3;
    private static readonly TimeSpan s_turn = TimeSpan.FromSeconds(0.7);

    private readonly TimedSession _session;
    private readonly IReadOnlyList<LoadGenerator> _hosts;
    private readonly TimeSpan _delay;

    private ServingComparison(TimedSession session, IReadOnlyList<LoadGenerator> hosts, int batch, TimeSpan delay) =>
        (_session, _hosts, Batch, _delay) = (session, hosts, batch, delay);

    /// <summary>Images in a full batch.</summary>
    public int Batch { get; }

    /// <summary>Sessions of each host.</summary>
    public IEnumerable<int> SessionCounts => _hosts.Select(host => host.Devices.Count);

    /// <summary>Opens all.</summary>
    /// <param name="network">The network.</param>
    /// <param name="batch">Images in a full batch.</param>
    /// <param name="threads">Threads of the session, and of all sessions of a host together.</param>
    /// <param name="delay">How long an image waits at most for others.</param>
    public static async Task<ServingComparison> StartAsync(string network, int batch, int threads, TimeSpan delay)
    {
        var hosts = new List<LoadGenerator>();
        foreach (var sessions in new[] { 1, threads }.Distinct())
        {
            var options = new MobileNetHostOptions
            {
                Model = new() { Model = network, RandomSeed = 1 },
                Devices = [.. Enumerable.Repeat(DeviceName.Cpu, sessions)],
                MaximalBatch = batch,
                ThreadCount = threads / sessions,
                MaximalDelay = delay,
            };
            hosts.Add(await LoadGenerator.StartAsync(options, LoadSamples.Arrays(CallerCount)));
        }
        return new(new(new(network, batch), batch, threads), hosts, batch, delay);
    }

    /// <summary>Measures a round: the session, then each host with all callers and at half that rate.</summary>
    /// <returns>The round of each host.</returns>
    public Task<IReadOnlyList<ServingRound>> RunAsync() => RunAsync(s_turn);

    /// <summary>Measures a round.</summary>
    /// <param name="turn">How long the session and the callers take; the half rate takes twice as long.</param>
    /// <returns>The round of each host.</returns>
    public async Task<IReadOnlyList<ServingRound>> RunAsync(TimeSpan turn)
    {
        var session = Turns.Take(() => SessionSpeed.Measure(_session, Batch, turn));
        var rounds = new List<ServingRound>();
        foreach (var host in _hosts)
        {
            rounds.Add(await MeasureAsync(host, session, turn));
        }
        return rounds;
    }

    public async ValueTask DisposeAsync()
    {
        _session.Dispose();
        foreach (var host in _hosts)
        {
            await host.DisposeAsync();
        }
    }

    private async Task<ServingRound> MeasureAsync(LoadGenerator host, SessionSpeed session, TimeSpan turn)
    {
        var load = new LoadOptions
        {
            Scenario = LoadScenario.Callers,
            CallerCount = CallerCount,
            WarmUp = turn / 4,
            MinimalDuration = turn,
            MinimalQueryCount = 1,
        };
        var full = await Turns.Take(() => host.RunAsync(load));
        var half = load with
        {
            Scenario = LoadScenario.Server,
            Rate = full.SamplesPerSecond / 2,
            LatencyBound = _delay + BatchesInBound * TimeSpan.FromMilliseconds(session.Milliseconds),
            MinimalDuration = 2 * turn,
        };
        return new(session, full, await Turns.Take(() => host.RunAsync(half)));
    }
}
