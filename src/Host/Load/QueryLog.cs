namespace ILGpuMobileNet.Host.Load;

/// <summary>When something happened to a query, since the beginning of its run.</summary>
/// <param name="Scheduled">When it was due: in a closed loop, when the one before was answered.</param>
/// <param name="Issued">When the host was asked.</param>
/// <param name="Done">When its last image was answered.</param>
internal readonly record struct QueryTimes(TimeSpan Scheduled, TimeSpan Issued, TimeSpan Done);

/// <summary>Notes the queries of a run, from any thread, and says when there are enough.</summary>
/// <param name="options">How long the run is.</param>
internal sealed class QueryLog(LoadOptions options)
{
    /// <summary>A run ends when so many queries have failed: whatever it is, it does not pass.</summary>
    public const int MostFailures = 100;

    private readonly Lock _gate = new();
    private readonly List<QueryTimes> _queries = [];
    private int _countedCount; // answered after the warm-up

    /// <summary>Queries that failed.</summary>
    public int FailedCount { get; private set; }

    /// <summary>What the first of them failed with; null where none did.</summary>
    public string? FirstFault { get; private set; }

    /// <summary>When the loop ended; null while it goes on.</summary>
    public TimeSpan? End { get; private set; }

    /// <summary>The queries that were answered, in the order of their answers.</summary>
    public IReadOnlyList<QueryTimes> Queries
    {
        get
        {
            lock (_gate)
            {
                return [.. _queries];
            }
        }
    }

    /// <summary>Notes an answered query.</summary>
    /// <param name="query">Its times.</param>
    public void Add(QueryTimes query)
    {
        lock (_gate)
        {
            _queries.Add(query);
            _countedCount += query.Done > options.WarmUp ? 1 : 0;
        }
    }

    /// <summary>Notes a query that failed.</summary>
    /// <param name="fault">What with.</param>
    public void Fail(Exception fault)
    {
        lock (_gate)
        {
            FailedCount++;
            FirstFault ??= fault.Message;
        }
    }

    /// <summary>Whether a loop that goes on as long as it must has ended; it ends with the first time this is so.</summary>
    /// <param name="now">The time.</param>
    public bool IsOver(TimeSpan now)
    {
        lock (_gate)
        {
            var counted = now - options.WarmUp;
            var isEnough = counted >= options.MinimalDuration && _countedCount >= options.FewestQueries;
            if (isEnough || counted >= options.MaximalDuration || FailedCount >= MostFailures)
            {
                End ??= now;
            }
            return End is not null;
        }
    }
}
