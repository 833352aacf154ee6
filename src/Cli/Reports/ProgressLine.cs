namespace ILGpuMobileNet.Cli.Reports;

/// <summary>
/// How far a long job is, on stderr: nothing in the first second, then one line that is written over on a terminal, or
/// a new line every ten seconds where stderr goes to a file.
/// </summary>
/// <param name="error">Receives the line.</param>
/// <param name="total">How many steps the job has.</param>
/// <param name="time">The clock.</param>
/// <param name="isTerminal">Whether a line can be written over.</param>
internal sealed class ProgressLine(TextWriter error, int total, TimeProvider time, bool isTerminal) : IDisposable
{
    private const string EraseLine = "\r\u001b[K";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly TimeSpan _pause = TimeSpan.FromSeconds(isTerminal ? 0.2 : 10);
    private readonly long _start = time.GetTimestamp();
    private TimeSpan _last = TimeSpan.Zero;
    private int _count;

    /// <summary>A line on the real clock. Where results stream to the same terminal, they are progress enough.</summary>
    /// <param name="error">Receives the line.</param>
    /// <param name="total">How many steps the job has.</param>
    /// <param name="resultsStream">Whether each step writes its result to stdout.</param>
    public ProgressLine(TextWriter error, int total, bool resultsStream)
        : this(error, total, TimeProvider.System, IsFreeTerminal(error, resultsStream)) { }

    /// <summary>Counts steps.</summary>
    /// <param name="count">How many were done.</param>
    public void Advance(int count = 1)
    {
        _count += count;
        var elapsed = time.GetElapsedTime(_start);
        if (elapsed < Patience || elapsed - _last < _pause)
        {
            return;
        }
        _last = elapsed;
        var text = $"{_count} of {total}, {_count / elapsed.TotalSeconds:0.0} per second";
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
