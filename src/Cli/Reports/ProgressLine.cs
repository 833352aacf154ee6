namespace ILGpuMobileNet.Cli.Reports;

/// <summary>
/// How far a long job is, on stderr: nothing in the first second, then one line that is written over on a terminal, or
/// a new line every ten seconds where stderr goes to a file.
/// </summary>
/// <param name="error">Receives the line.</param>
/// <param name="total">How many steps the job has; null where that is not known yet.</param>
/// <param name="time">The clock.</param>
/// <param name="isTerminal">Whether a line can be written over.</param>
internal sealed class ProgressLine(TextWriter error, long? total, TimeProvider time, bool isTerminal) : IDisposable
{
    private const string EraseLine = "\r\u001b[K";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly TimeSpan _pause = TimeSpan.FromSeconds(isTerminal ? 0.2 : 10);
    private readonly Pace _pace = new(time);
    private TimeSpan _last = TimeSpan.Zero;

    /// <summary>A line on the real clock. Where results stream to the same terminal, they are progress enough.</summary>
    /// <param name="error">Receives the line.</param>
    /// <param name="total">How many steps the job has; null where that is not known yet.</param>
    /// <param name="resultsStream">Whether each step writes its result to stdout.</param>
    public ProgressLine(TextWriter error, long? total, bool resultsStream)
        : this(error, total, TimeProvider.System, IsFreeTerminal(error, resultsStream)) { }

    /// <summary>How many steps the job has; null where that is not known yet.</summary>
    public long? Total { get; set; } = total;

    /// <summary>Steps that need not be done.</summary>
    public long Skipped { get; set; }

    /// <summary>Steps that failed.</summary>
    public long Failed { get; set; }

    /// <summary>Counts steps.</summary>
    /// <param name="count">How many were done.</param>
    public void Advance(int count = 1)
    {
        _pace.Advance(count);
        var elapsed = _pace.Elapsed;
        if (elapsed < Patience || elapsed - _last < _pause)
        {
            return;
        }
        _last = elapsed;
        var text = Describe();
        error.Write(isTerminal ? EraseLine + text : text + Environment.NewLine);
    }

    /// <summary>Writes a message of its own beside the progress.</summary>
    /// <param name="message">One line.</param>
    public void WriteLine(string message)
    {
        Clear();
        error.WriteLine(message);
    }

    /// <summary>Takes the line away, so that what follows, be it an error, has a line of its own.</summary>
    public void Dispose() => Clear();

    private string Describe()
    {
        var done = _pace.Count + Skipped;
        var (recent, mean) = ($"{_pace.Recent:0.0}", $"{_pace.Mean:0.0}");
        var count = Total is { } total ? $"{done} of {total}" : $"{done}";
        var average = recent == mean ? "" : $" ({mean} on average)";
        var failures = Failed > 0 ? $", {Failed} failed" : "";
        return $"{count}, {recent} per second{average}{Left(done)}{failures}";
    }

    private string Left(long done)
    {
        var seconds = (Total - done) / _pace.Recent;
        return seconds is > 0 and < int.MaxValue
            ? $", {Text(TimeSpan.FromSeconds(Math.Ceiling(seconds.Value)))} left"
            : "";
    }

    private static string Text(TimeSpan time) =>
        time.TotalHours >= 1 ? $"{(long)time.TotalHours}:{time:mm\\:ss}" : $"{time:m\\:ss}";

    private void Clear()
    {
        if (isTerminal && _last > TimeSpan.Zero)
        {
            error.Write(EraseLine);
        }
    }

    private static bool IsFreeTerminal(TextWriter error, bool resultsStream) =>
        ReferenceEquals(error, Console.Error)
        && !Console.IsErrorRedirected
        && (Console.IsOutputRedirected || !resultsStream);
}
