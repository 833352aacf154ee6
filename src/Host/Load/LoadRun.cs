using System.Collections.Immutable;

namespace ILGpuMobileNet.Host.Load;

/// <summary>One run of one scenario: asks, and notes when what was answered.</summary>
internal sealed class LoadRun
{
    private readonly ILoadTarget _target;

    /// <summary>Gets ready; the clock begins.</summary>
    /// <param name="target">What is asked.</param>
    /// <param name="options">Checked options.</param>
    /// <param name="clock">A clock that begins with the run.</param>
    public LoadRun(ILoadTarget target, LoadOptions options, LoadClock clock)
    {
        (_target, Options, Clock) = (target, options, clock);
        Schedule = new(options.Seed, target.SampleCount);
        Log = new(options);
    }

    /// <summary>What it is to be like.</summary>
    public LoadOptions Options { get; }

    /// <summary>The time since it began.</summary>
    public LoadClock Clock { get; }

    /// <summary>Which images come when.</summary>
    public LoadSchedule Schedule { get; }

    /// <summary>What happened.</summary>
    public QueryLog Log { get; }

    /// <summary>Asks as often as the scenario wants.</summary>
    /// <param name="sampleCount">Images of the offline scenario.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public async Task<LoadResult> RunAsync(int sampleCount, CancellationToken cancellationToken)
    {
        _target.TakeBatches();
        var window = Options.Scenario switch
        {
            LoadScenario.Server => await ArrivalLoop.RunAsync(this, cancellationToken).ConfigureAwait(false),
            LoadScenario.Offline => await ClosedLoop
                .AllAsync(this, sampleCount, _target.Window, cancellationToken)
                .ConfigureAwait(false),
            LoadScenario.Callers => await ClosedLoop
                .RunAsync(this, Options.CallerCount, caller => [caller % _target.SampleCount], cancellationToken)
                .ConfigureAwait(false),
            _ => await ClosedLoop
                .RunAsync(this, 1, _ => Schedule.NextSamples(Options.QuerySize), cancellationToken)
                .ConfigureAwait(false),
        };
        return LoadResult.Of(this, _target, window, Batches(window));
    }

    /// <summary>Asks for some images and notes the query when all are answered.</summary>
    /// <param name="scheduled">When it was due.</param>
    /// <param name="samples">The images.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <exception cref="OperationCanceledException">It was given up.</exception>
    public async Task AskAsync(TimeSpan scheduled, int[] samples, CancellationToken cancellationToken)
    {
        var issued = Clock.Elapsed;
        try
        {
            var answers =
                samples.Length == 1
                    ? _target.AnswerAsync(samples[0], cancellationToken)
                    : Task.WhenAll(samples.Select(sample => _target.AnswerAsync(sample, cancellationToken)));
            await answers.ConfigureAwait(false);
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
        {
            Log.Fail(fault);
            return;
        }
        Log.Add(new(scheduled, issued, Clock.Elapsed));
    }

    private ImmutableArray<BatchCount> Batches(LoadWindow window) =>
        [
            .. _target
                .TakeBatches()
                .Where(batch => Clock.At(batch.Timestamp) is var at && at >= window.Begin && at <= window.End)
                .CountBy(batch => batch.Size)
                .OrderBy(pair => pair.Key)
                .Select(pair => new BatchCount(pair.Key, pair.Value)),
        ];
}
