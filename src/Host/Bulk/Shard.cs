namespace ILGpuMobileNet.Host.Bulk;

/// <summary>
/// One of several parts of a job, each for a process of its own. A path's text alone decides which part it belongs to,
/// so the parts stay what they are on other machines, after an interruption, and while files come and go.
/// </summary>
public readonly record struct Shard
{
    /// <summary>Most parts that a job can have.</summary>
    public const int MaximalCount = 1_000_000;

    private readonly int _others; // so that the default value is the whole job

    /// <summary>Names a part.</summary>
    /// <param name="index">Which part, from 0.</param>
    /// <param name="count">How many parts there are, at most <see cref="MaximalCount"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such part.</exception>
    public Shard(int index, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MaximalCount);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, count);
        (Index, _others) = (index, count - 1);
    }

    /// <summary>The only part of a job that is not divided.</summary>
    public static Shard Whole => default;

    /// <summary>Which part, from 0.</summary>
    public int Index { get; }

    /// <summary>How many parts there are.</summary>
    public int Count => _others + 1;

    /// <summary>Reads a part.</summary>
    /// <param name="text"><c>I/N</c>, I from 0 to N - 1.</param>
    /// <exception cref="ArgumentException">It is none.</exception>
    public static Shard Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parts = text.Split('/');
        if (parts.Length != 2)
        {
            throw new ArgumentException($"'{text}' is no part; expected I/N, for example 0/16.");
        }
        var count = ItemText.ParseInteger(parts[1], 1, MaximalCount);
        return new(ItemText.ParseInteger(parts[0], 0, count - 1), count);
    }

    /// <summary>Whether a path belongs to the part.</summary>
    /// <param name="path">The path; <c>./pics//a.png</c> is <c>pics/a.png</c>.</param>
    public bool Contains(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return Count == 1 || Contains(PathKey.Of(path));
    }

    /// <summary><c>I/N</c>.</summary>
    public override string ToString() => $"{Index}/{Count}";

    internal bool Contains(PathKey path) => path.High % (ulong)Count == (ulong)Index;
}
