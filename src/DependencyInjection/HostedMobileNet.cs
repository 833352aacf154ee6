using ILGpuMobileNet.Host.Serving;
using Microsoft.Extensions.Hosting;

namespace ILGpuMobileNet.DependencyInjection;

/// <summary>
/// Starts a host with the application, or when it is asked for before, and drains it when the application stops.
/// </summary>
/// <param name="start">Starts the host.</param>
internal sealed class HostedMobileNet(Func<CancellationToken, Task<MobileNetHost>> start)
    : IHostedService,
        IAsyncDisposable,
        IDisposable
{
    // The application's own patience, its token, ends the draining before.
    private static readonly TimeSpan _longestDrain = TimeSpan.FromDays(1);

    private readonly Lock _gate = new();
    private Task<MobileNetHost>? _starting;

    /// <summary>The host; starts it where that has not happened, and waits for it.</summary>
    public MobileNetHost Host => BeginAsync(CancellationToken.None).GetAwaiter().GetResult();

    /// <summary>The host; null while it is not started.</summary>
    public MobileNetHost? Started =>
        Volatile.Read(ref _starting) is { IsCompletedSuccessfully: true } started ? started.Result : null;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => BeginAsync(cancellationToken);

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) =>
        Started?.StopAsync(_longestDrain, cancellationToken) ?? Task.CompletedTask;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Volatile.Read(ref _starting) is { } starting)
        {
            await ((Task)starting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (Started is { } host)
            {
                await host.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    // One start serves all who ask; one that failed is tried again when somebody asks again.
    private Task<MobileNetHost> BeginAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return _starting is null or { IsFaulted: true } or { IsCanceled: true }
                ? _starting = start(cancellationToken)
                : _starting;
        }
    }
}
