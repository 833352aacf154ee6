using System.Runtime.CompilerServices;

namespace ILGpuMobileNet.Host.Bulk;

/// <summary>
/// Classifies any number of images into a file of results that holds each image once, whatever interrupts the work:
/// killed at any point and resumed, it leaves out what is there. Images are known by their paths, and
/// <c>./pics//a.ppm</c> is <c>pics/a.ppm</c>; a path that comes twice counts once, and an image with an error is done.
/// Memory grows by some 50 bytes for each image of the job, not more.
/// </summary>
public sealed class BulkJob : IDisposable
{
    private readonly BulkOptions _options;
    private readonly JobFile _job;
    private readonly ResultFile _results;
    private readonly HashSet<PathKey> _known = [];
    private long _seenCount;
    private long _skippedCount;
    private bool _hasRun;

    private BulkJob(BulkOptions options, ResultFormat format, FileMode jobMode)
    {
        _options = options;
        _job = JobFile.Open(options.Output, jobMode);
        try
        {
            _results = new(options.Output, format);
        }
        catch
        {
            _job.Dispose();
            throw;
        }
    }

    /// <summary>Results that were there before.</summary>
    public long PresentCount { get; private set; }

    /// <summary>How many of them have an error.</summary>
    public long PresentFailedCount { get; private set; }

    /// <summary>Bytes of an unfinished record that an interruption left, and that are cut off.</summary>
    public long CutByteCount { get; private set; }

    /// <summary>Paths that came in so far, those of other shards included.</summary>
    public long SeenCount => Interlocked.Read(ref _seenCount);

    /// <summary>Paths of this shard that came in and were left out: their results were there, or they came before.</summary>
    public long SkippedCount => Interlocked.Read(ref _skippedCount);

    /// <summary>Opens a file of results, or begins it; nobody else can write it until the job is disposed.</summary>
    /// <param name="options">What to do.</param>
    /// <param name="cancellationToken">Stops reading results that are there.</param>
    /// <exception cref="ArgumentException">
    /// The output has another ending, or its results were made otherwise; the message names both sides.
    /// </exception>
    /// <exception cref="IOException">
    /// There are results already and they are not to be resumed, another process writes them, or a file cannot be used.
    /// </exception>
    /// <exception cref="Network.Weights.ModelFormatException">What is there are no results of a job.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static async Task<BulkJob> OpenAsync(BulkOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.TopCount, 1, nameof(options));
        var format = ResultFormat.Of(options.Output, options.TopCount);
        var length = new FileInfo(options.Output) is { Exists: true } there ? there.Length : 0;
        RefuseUnlessResumed(options, length);
        var job = new BulkJob(options, format, length > 0 ? FileMode.Open : FileMode.OpenOrCreate);
        try
        {
            await job.RecoverAsync(cancellationToken);
            return job;
        }
        catch
        {
            job.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Classifies the images of this shard whose results are not there, and writes their results as they come. What was
    /// classified is in the file whenever this waits for more, and when the enumeration ends, however it does.
    /// </summary>
    /// <param name="paths">All images of the job; any number, one is asked for at a time.</param>
    /// <param name="classify">
    /// Gives one result for each path, in any order: <see cref="Serving.MobileNetHost.ClassifyManyAsync"/>.
    /// </param>
    /// <param name="cancellationToken">Stops the work; the job can be resumed.</param>
    /// <returns>The new results, each after it was handed to the file.</returns>
    /// <exception cref="InvalidOperationException">The job has run; open it again.</exception>
    /// <exception cref="ArgumentException">A path holds a null character, while enumerating.</exception>
    /// <exception cref="IOException">The results cannot be written, while enumerating.</exception>
    /// <exception cref="OperationCanceledException">It was stopped, while enumerating.</exception>
    public async IAsyncEnumerable<ClassificationResult> RunAsync(
        IAsyncEnumerable<string> paths,
        Func<IAsyncEnumerable<string>, CancellationToken, IAsyncEnumerable<ClassificationResult>> classify,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(paths);
        ArgumentNullException.ThrowIfNull(classify);
        BeginRun();
        var classified = classify(ToDo(paths, cancellationToken), cancellationToken);
        await using var results = classified.GetAsyncEnumerator(cancellationToken);
        try
        {
            while (await NextAsync(results))
            {
                _results.Add(results.Current);
                yield return results.Current;
            }
        }
        finally
        {
            _results.Flush();
        }
        _results.FlushToDisk();
    }

    /// <summary>Closes the files, so that others can write them.</summary>
    public void Dispose()
    {
        _results.Dispose();
        _job.Dispose();
    }

    private static void RefuseUnlessResumed(BulkOptions options, long length)
    {
        if (length > 0 && !options.Resume)
        {
            throw new IOException(
                $"'{options.Output}' holds results already. Resume them (--resume), or remove it to start over."
            );
        }
    }

    private async Task RecoverAsync(CancellationToken cancellationToken)
    {
        RefuseUnlessResumed(_options, _results.Length); // another job may have come and gone since
        var provenance = new Dictionary<string, string>(_options.Provenance)
        {
            ["top"] = $"{_options.TopCount}",
            ["shard"] = $"{_options.Shard}",
        };
        if (_results.Length > 0)
        {
            _job.Check(provenance);
        }
        else
        {
            _job.Write(provenance);
        }
        CutByteCount = await _results.RecoverAsync(Keep, cancellationToken);
    }

    private void Keep(WrittenResult result)
    {
        PresentCount++;
        PresentFailedCount += result.IsFailed ? 1 : 0;
        _known.Add(PathKey.Of(result.File));
    }

    private void BeginRun()
    {
        if (_hasRun)
        {
            throw new InvalidOperationException("The job has run; open it again, with Resume, to go on.");
        }
        _hasRun = true;
    }

    private async IAsyncEnumerable<string> ToDo(
        IAsyncEnumerable<string> paths,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await foreach (var path in paths.WithCancellation(cancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested(); // not every source of paths listens
            Interlocked.Increment(ref _seenCount);
            var key = PathKey.Of(path);
            if (!_options.Shard.Contains(key))
            {
                continue;
            }
            if (_known.Add(key))
            {
                yield return Checked(path);
            }
            else
            {
                Interlocked.Increment(ref _skippedCount);
            }
        }
    }

    private static string Checked(string path) =>
        path.Contains('\0')
            ? throw new ArgumentException($"'{path.Replace('\0', '?')}' is no path: it holds a null character.")
            : path;

    private async ValueTask<bool> NextAsync(IAsyncEnumerator<ClassificationResult> results)
    {
        var next = results.MoveNextAsync();
        if (next.IsCompleted)
        {
            return await next;
        }
        var isThere = false;
        try
        {
            _results.Flush();
        }
        finally
        {
            isThere = await next; // an enumerator that is under way cannot be disposed
        }
        return isThere;
    }
}
