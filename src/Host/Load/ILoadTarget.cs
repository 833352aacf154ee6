namespace ILGpuMobileNet.Host.Load;

/// <summary>What a load generator measures.</summary>
internal interface ILoadTarget
{
    /// <summary>Name of the model.</summary>
    string Model { get; }

    /// <summary>Where it runs.</summary>
    IReadOnlyList<string> Devices { get; }

    /// <summary>Different images that it can be asked about.</summary>
    int SampleCount { get; }

    /// <summary>Images under way at once with which it has always enough to do.</summary>
    int Window { get; }

    /// <summary>Answers an image.</summary>
    /// <param name="sample">Which, below <see cref="SampleCount"/>.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    Task AnswerAsync(int sample, CancellationToken cancellationToken);

    /// <summary>The same without a limit of the time that an answer may take.</summary>
    ILoadTarget Unhurried { get; }

    /// <summary>Batches that were run since this was last asked.</summary>
    IReadOnlyList<TimedBatch> TakeBatches();
}

/// <summary>A batch that was run.</summary>
/// <param name="Timestamp">When it had run.</param>
/// <param name="Size">Images in it.</param>
internal readonly record struct TimedBatch(long Timestamp, int Size);
