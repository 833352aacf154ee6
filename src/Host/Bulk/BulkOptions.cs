namespace ILGpuMobileNet.Host.Bulk;

/// <summary>What a <see cref="BulkJob"/> is to do.</summary>
public sealed record BulkOptions
{
    /// <summary>
    /// The file of results; its ending chooses the format: <c>.jsonl</c>, an object on each line, or <c>.csv</c>. A
    /// file of the same name with <c>.job</c> after it says how they were made.
    /// </summary>
    public required string Output { get; init; }

    /// <summary>Which part of the images the job is for.</summary>
    public Shard Shard { get; init; } = Shard.Whole;

    /// <summary>
    /// Whether results that are there already are kept, and their images left out. Without it they are an error; where
    /// there are none it makes no difference.
    /// </summary>
    public bool Resume { get; init; }

    /// <summary>
    /// Classes that a result lists at most (<see cref="Serving.MobileNetHost.TopCount"/>); a table has columns for as many.
    /// </summary>
    public required int TopCount { get; init; }

    /// <summary>
    /// What the results depend on, by name (<see cref="Serving.MobileNetHost.Provenance"/>); a job is resumed under the same only.
    /// </summary>
    public IReadOnlyDictionary<string, string> Provenance { get; init; } = new Dictionary<string, string>();
}
