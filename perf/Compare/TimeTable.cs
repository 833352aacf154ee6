using static System.FormattableString;

namespace ILGpuMobileNet.Benchmarks.Compare;

/// <summary>Times of a batch, of either engine.</summary>
internal static class TimeTable
{
    private const int Rounds = 3;

    private static readonly string[] s_columns =
    [
        "batch",
        "threads",
        "ms",
        "ONNX Runtime ms",
        "ratio, best of rounds",
        "ratios",
        "GFLOP/s",
        "of bound",
        "difference",
    ];

    public static ComparisonTable Table { get; } = new("Time of a batch", s_columns, ComparisonCase.All, Row);

    private static string[] Row(ComparisonCase compared)
    {
        using var comparison = new Comparison(compared);
        var result = comparison.Run(Rounds);
        return
        [
            Invariant($"{compared.Batch}"),
            Invariant($"{compared.Threads}"),
            Invariant($"{result.OursMilliseconds:0.00}"),
            Invariant($"{result.PeerMilliseconds:0.00}"),
            Invariant($"{result.Ratios.Max():0.00}"),
            string.Join(" ", result.Ratios.Select(ratio => Invariant($"{ratio:0.00}"))),
            Invariant($"{result.FlopsPerSecond / 1e9:0.0}"),
            Invariant($"{100 * result.FlopsPerSecond / result.BoundFlopsPerSecond:0}%"),
            Invariant($"{result.RelativeError:0.0e0}"),
        ];
    }
}
