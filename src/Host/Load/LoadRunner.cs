namespace ILGpuMobileNet.Host.Load;

/// <summary>Runs scenarios, and runs that depend on runs before.</summary>
/// <param name="target">What is asked.</param>
/// <param name="startClock">Starts a clock.</param>
internal sealed class LoadRunner(ILoadTarget target, Func<LoadClock> startClock)
{
    // MLPerf's generator, too, plans for a tenth more than the speed promises.
    private const double Slack = 1.1;
    private const int MostAttempts = 3; // of an offline run that may turn out too short
    private static readonly TimeSpan LeastTrial = TimeSpan.FromMilliseconds(500);

    /// <summary>Runs a scenario.</summary>
    /// <param name="options">Which, and how.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public async Task<LoadResult> RunAsync(LoadOptions options, CancellationToken cancellationToken)
    {
        options.Check();
        return await (
            options.Scenario == LoadScenario.Offline
                ? RunOfflineAsync(options, cancellationToken)
                : new LoadRun(target, options, startClock()).RunAsync(0, cancellationToken)
        ).ConfigureAwait(false);
    }

    /// <summary>Searches for the highest rate that the server scenario passes with.</summary>
    /// <param name="options">All but the rate.</param>
    /// <param name="progress">Gets each trial; null for nobody.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public async Task<RateSearchResult> FindRateAsync(
        LoadOptions options,
        IProgress<LoadResult>? progress,
        CancellationToken cancellationToken
    )
    {
        var server = options with { Scenario = LoadScenario.Server };
        server.Check();
        var capacity = await MostAsync(server, cancellationToken).ConfigureAwait(false);
        if (capacity.QueryCount == 0) // there is nothing to halve; the run says why
        {
            progress?.Report(capacity);
            return new(0, null, [capacity]);
        }
        return await RateSearch.RunAsync(capacity.SamplesPerSecond, TryAsync).ConfigureAwait(false);

        async Task<LoadResult> TryAsync(double rate)
        {
            var result = await RunAsync(server with { Rate = rate }, cancellationToken).ConfigureAwait(false);
            progress?.Report(result);
            return result;
        }
    }

    /// <summary>Has so many images answered as should fill the time, and more where that was too short.</summary>
    private async Task<LoadResult> RunOfflineAsync(LoadOptions options, CancellationToken cancellationToken)
    {
        var most = await MostAsync(options, cancellationToken).ConfigureAwait(false);
        var rate = most.SamplesPerSecond;
        for (var attempt = 1; ; attempt++)
        {
            var result = await new LoadRun(target, options, startClock())
                .RunAsync(OfflineSamples(options, rate), cancellationToken)
                .ConfigureAwait(false);
            if (result.Verdict is { IsLongEnough: true } or { AllAnswered: false } || attempt == MostAttempts)
            {
                return result;
            }
            rate = result.SamplesPerSecond;
        }
    }

    /// <summary>What the target does with always enough to do, measured as long as the warm-up takes.</summary>
    private Task<LoadResult> MostAsync(LoadOptions options, CancellationToken cancellationToken)
    {
        var duration = options.WarmUp > LeastTrial ? options.WarmUp : LeastTrial;
        var loop = options with
        {
            Scenario = LoadScenario.Callers,
            CallerCount = target.Window,
            MinimalDuration = duration,
            MaximalDuration = options.MaximalDuration > duration ? options.MaximalDuration : duration,
            MinimalQueryCount = 1,
        };
        return new LoadRun(target.Unhurried, loop, startClock()).RunAsync(0, cancellationToken);
    }

    private static int OfflineSamples(LoadOptions options, double samplesPerSecond)
    {
        var most = Math.Min(samplesPerSecond * options.MaximalDuration.TotalSeconds, int.MaxValue / 2);
        var wanted = Math.Max(options.FewestQueries, Slack * samplesPerSecond * options.MinimalDuration.TotalSeconds);
        return (int)Math.Max(1, Math.Min(most, wanted));
    }
}
