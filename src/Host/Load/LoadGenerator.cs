using ILGpuMobileNet.Host.Serving;

namespace ILGpuMobileNet.Host.Load;

/// <summary>
/// Asks a host in this process as one of MLPerf Inference's scenarios has it, and measures how soon it is answered.
/// </summary>
public sealed class LoadGenerator : IAsyncDisposable
{
    private readonly MobileNetHost _host;
    private readonly BatchCounter _batches;
    private readonly HostTarget _target;
    private readonly LoadRunner _runner;

    private LoadGenerator(MobileNetHost host, BatchCounter batches, LoadSamples samples)
    {
        (_host, _batches) = (host, batches);
        _target = new(host, batches, samples);
        _runner = new(_target, () => new LoadClock());
    }

    /// <summary>Name or file of the model.</summary>
    public string Model => _host.Model;

    /// <summary>The devices of the host's sessions.</summary>
    public IReadOnlyList<string> Devices => _host.Devices;

    /// <summary>What was taken for granted about the weights, in sentences.</summary>
    public IReadOnlyList<string> Assumptions => _host.Assumptions;

    /// <summary>Starts a host and has it answer every image once, so that no bad one spoils a measurement.</summary>
    /// <param name="host">Which model, where, how.</param>
    /// <param name="samples">The images.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="ArgumentException">The network is no classifier of pictures, but pictures were given.</exception>
    /// <exception cref="Images.ImageFormatException">A picture cannot be read.</exception>
    /// <inheritdoc cref="MobileNetHost.StartAsync(MobileNetHostOptions, CancellationToken)" path="/exception"/>
    public static async Task<LoadGenerator> StartAsync(
        MobileNetHostOptions host,
        LoadSamples samples,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(samples);
        var batches = new BatchCounter();
        MobileNetHost? started = null;
        try
        {
            started = await MobileNetHost.StartAsync(host, null, batches, cancellationToken).ConfigureAwait(false);
            var generator = new LoadGenerator(started, batches, samples);
            await generator.RehearseAsync(cancellationToken).ConfigureAwait(false);
            return generator;
        }
        catch
        {
            if (started is not null)
            {
                await started.DisposeAsync().ConfigureAwait(false);
            }
            batches.Dispose();
            throw;
        }
    }

    /// <summary>Runs a scenario; one at a time.</summary>
    /// <param name="options">Which, and how.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public Task<LoadResult> RunAsync(LoadOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        return _runner.RunAsync(options, cancellationToken);
    }

    /// <summary>
    /// Searches for the highest rate that the server scenario passes with: six halvings between nothing and what the host
    /// can do, then up to five runs to confirm the best, each 5% lower. Each is a run as <see cref="RunAsync"/> does it.
    /// </summary>
    /// <param name="options">All but scenario and rate.</param>
    /// <param name="progress">Gets each run's result; null for nobody.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <inheritdoc cref="RunAsync" path="/exception"/>
    public Task<RateSearchResult> FindRateAsync(
        LoadOptions options,
        IProgress<LoadResult>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(options);
        return _runner.FindRateAsync(options, progress, cancellationToken);
    }

    /// <summary>Closes the host.</summary>
    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync().ConfigureAwait(false);
        _batches.Dispose();
    }

    private async Task RehearseAsync(CancellationToken cancellationToken)
    {
        var parallel = new ParallelOptions
        {
            MaxDegreeOfParallelism = _target.Window,
            CancellationToken = cancellationToken,
        };
        try
        {
            await Parallel
                .ForAsync(
                    0,
                    _target.SampleCount,
                    parallel,
                    async (i, stop) => await _target.Unhurried.AnswerAsync(i, stop)
                )
                .ConfigureAwait(false);
        }
        catch (InvalidOperationException fault)
        {
            throw new ArgumentException(fault.Message, fault);
        }
    }
}
