namespace ILGpuMobileNet.Host.Bulk;

/// <summary>How results stand in a file, one record each.</summary>
internal abstract class ResultFormat
{
    /// <summary>Whether line ends between quotes belong to a record.</summary>
    public abstract bool IsQuoted { get; }

    /// <summary>The record before the results, without its line end; empty for none.</summary>
    public abstract byte[] Header { get; }

    /// <summary>The format that the ending of a path asks for.</summary>
    /// <param name="path">The file of results.</param>
    /// <param name="topCount">Classes that a result lists at most.</param>
    /// <exception cref="ArgumentException">No format has the ending.</exception>
    public static ResultFormat Of(string path, int topCount) =>
        Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".jsonl" => new JsonLines(),
            ".csv" => new CsvTable(topCount),
            var other => throw new ArgumentException(
                $"'{path}' ends in '{other}', expected .jsonl (a JSON object on each line) or .csv."
            ),
        };

    /// <summary>A result's record, without its line end.</summary>
    /// <param name="result">The result.</param>
    public abstract byte[] Write(ClassificationResult result);

    /// <summary>Reads what a resumed job needs of a record.</summary>
    /// <param name="record">The record, without its line end.</param>
    /// <returns>Null where it is no record of a result.</returns>
    public abstract WrittenResult? Read(ReadOnlySpan<byte> record);
}

/// <summary>What a resumed job knows of a result that is there.</summary>
/// <param name="File">Path of the image, as it was written.</param>
/// <param name="IsFailed">Whether it has an error.</param>
internal readonly record struct WrittenResult(string File, bool IsFailed);
