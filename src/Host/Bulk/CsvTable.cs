namespace ILGpuMobileNet.Host.Bulk;

/// <summary>
/// CSV as RFC 4180 has it, lines ending in LF: the image, its error, then label, index and score of each class, best first.
/// </summary>
/// <param name="topCount">Classes that a result lists at most.</param>
internal sealed class CsvTable(int topCount) : ResultFormat
{
    private readonly int _fieldCount = checked(2 + (3 * topCount));

    /// <inheritdoc/>
    public override bool IsQuoted => true;

    /// <inheritdoc/>
    public override byte[] Header =>
        CsvFields.Join(["file", "error", .. Enumerable.Range(1, topCount).SelectMany(rank => Columns($"{rank}"))]);

    /// <inheritdoc/>
    public override byte[] Write(ClassificationResult result)
    {
        if (result.Predictions.Count > topCount)
        {
            throw new ArgumentException(
                $"'{result.File}' has {result.Predictions.Count} classes, but the table has columns for {topCount}."
            );
        }
        var empty = Enumerable.Repeat("", 3 * (topCount - result.Predictions.Count));
        return CsvFields.Join([result.File, result.Error ?? "", .. result.Predictions.SelectMany(Fields), .. empty]);
    }

    /// <inheritdoc/>
    public override WrittenResult? Read(ReadOnlySpan<byte> record) =>
        CsvFields.Split(record) is { } fields && fields.Count == _fieldCount
            ? new(fields[0], IsFailed: fields[1].Length > 0)
            : null;

    private static string[] Columns(string rank) => [$"label_{rank}", $"index_{rank}", $"score_{rank}"];

    private static string[] Fields(Prediction prediction) =>
        [prediction.Label, FormattableString.Invariant($"{prediction.Index}"), ItemText.Of(prediction.Score)];
}
