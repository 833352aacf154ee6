using ILGpuMobileNet.Network.Execution;
using static System.FormattableString;

namespace ILGpuMobileNet.Benchmarks.Compare;

/// <summary>Times from a file of weights to the first result, next to ONNX Runtime's.</summary>
internal static class LoadingTable
{
    private const int TurnCount = 15;

    private static readonly string[] s_columns =
    [
        "threads",
        "ms",
        "ONNX Runtime ms",
        "ratio, median",
        "ratios from, to",
    ];

    public static ComparisonTable Table { get; } =
        new(
            "Time from a file of weights to the first result over ONNX Runtime's",
            s_columns,
            ComparisonCase.BigNetworks(1),
            Row
        );

    private static string[] Row(ComparisonCase compared)
    {
        using var loading = new Loading(compared);
        var result = loading.Run(TurnCount);
        return
        [
            Invariant($"{compared.Threads}"),
            Invariant($"{Trial.Median(result.Ours):0.0}"),
            Invariant($"{Trial.Median(result.Peer):0.0}"),
            Invariant($"{Trial.Median(result.Ratios):0.00}"),
            Invariant($"{result.Ratios.Min():0.00}, {result.Ratios.Max():0.00}"),
        ];
    }
}
