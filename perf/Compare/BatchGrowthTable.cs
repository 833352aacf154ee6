using ILGpuMobileNet.Network.Execution;
using static System.FormattableString;

namespace ILGpuMobileNet.Benchmarks.Compare;

/// <summary>Times of an image in batches of 8 and of 64, this library's.</summary>
internal static class BatchGrowthTable
{
    private const int LargeBatch = 64;

    private static readonly string[] s_columns =
    [
        "threads",
        $"ms an image of {BatchGrowth.SmallBatch}",
        $"ms an image of {LargeBatch}",
        "ratio, median",
        "ratios from, to",
        "turns",
    ];

    public static ComparisonTable Table { get; } =
        new(
            $"Time of an image in a batch of {LargeBatch} over one in a batch of {BatchGrowth.SmallBatch}",
            s_columns,
            ComparisonCase.BigNetworks(LargeBatch),
            Row
        );

    private static string[] Row(ComparisonCase compared)
    {
        using var growth = new BatchGrowth(compared);
        var result = growth.Run();
        return
        [
            Invariant($"{compared.Threads}"),
            Invariant($"{result.SmallMilliseconds:0.00}"),
            Invariant($"{result.LargeMilliseconds:0.00}"),
            Invariant($"{Trial.Median(result.Ratios):0.000}"),
            Invariant($"{result.Ratios.Min():0.00}, {result.Ratios.Max():0.00}"),
            Invariant($"{result.Ratios.Count}"),
        ];
    }
}
