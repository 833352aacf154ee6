using System.Collections.Concurrent;
using ILGpuMobileNet.Host.Serving;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Host.Load;

/// <summary>A host in this process.</summary>
internal sealed class HostTarget : ILoadTarget
{
    private static readonly TimeSpan _longest = TimeSpan.FromDays(1); // that a host takes

    private readonly MobileNetHost _host;
    private readonly BatchCounter _batches;
    private readonly float[][] _arrays; // [H, W, C] each
    private readonly IReadOnlyList<string> _files;
    private readonly ConcurrentBag<float[]> _outputs = []; // that no call writes to
    private readonly TimeSpan? _timeLimit; // of an answer; null for the host's own

    /// <summary>Makes the images.</summary>
    /// <param name="host">The host.</param>
    /// <param name="batches">Notes its batches.</param>
    /// <param name="samples">Which images.</param>
    public HostTarget(MobileNetHost host, BatchCounter batches, LoadSamples samples)
    {
        (_host, _batches, _files) = (host, batches, samples.Files);
        _arrays = [.. Enumerable.Range(0, samples.ArrayCount).Select(Array)];
        Unhurried = new HostTarget(this);
    }

    private HostTarget(HostTarget target)
    {
        (_host, _batches, _files, _arrays) = (target._host, target._batches, target._files, target._arrays);
        (_timeLimit, Unhurried) = (_longest, this);
    }

    /// <inheritdoc/>
    public string Model => _host.Model;

    /// <inheritdoc/>
    public IReadOnlyList<string> Devices => _host.Devices;

    /// <inheritdoc/>
    public int SampleCount => _arrays.Length + _files.Count;

    /// <inheritdoc/>
    public int Window => _host.Window;

    /// <inheritdoc/>
    public ILoadTarget Unhurried { get; }

    /// <inheritdoc/>
    public Task AnswerAsync(int sample, CancellationToken cancellationToken) =>
        _files.Count > 0
            ? _host.ClassifyAsync(_files[sample], _timeLimit, cancellationToken)
            : RunAsync(_arrays[sample], cancellationToken);

    /// <inheritdoc/>
    public IReadOnlyList<TimedBatch> TakeBatches() => _batches.Take();

    private async Task RunAsync(float[] array, CancellationToken cancellationToken)
    {
        var output = _outputs.TryTake(out var used) ? used : new float[_host.Output.ElementCount];
        await _host.RunAsync(array, output, _timeLimit, cancellationToken).ConfigureAwait(false);
        _outputs.Add(output);
    }

    private float[] Array(int index)
    {
        var array = new float[_host.Input.ElementCount];
        WeightFormula.Fill("input", (ulong)index + 1, array, scale: 2, offset: -1);
        return array;
    }
}
