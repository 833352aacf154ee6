using System.Globalization;
using System.Runtime.InteropServices;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Kernels.Simd;

namespace ILGpuMobileNet.Benchmarks.Compare;

/// <summary>Compares the four big networks with ONNX Runtime and prints a table.</summary>
internal static class CompareCommand
{
    private const int Rounds = 3;
    private static readonly string[] s_networks =
    [
        "mobilenet_v1",
        "mobilenet_v2",
        "mobilenet_v3_large",
        "mobilenet_v3_small",
    ];

    public static void Run(TextWriter output)
    {
        output.WriteLine(
            $"{ProcessorName.Read()}, {Environment.ProcessorCount} cores, {Simd.Preferred}, {RuntimeInformation.FrameworkDescription}"
        );
        output.WriteLine();
        output.WriteLine(
            "| network | batch | threads | ms | ONNX Runtime ms | ratio, best of rounds | ratios | difference |"
        );
        output.WriteLine("|---|---|---|---|---|---|---|---|");
        foreach (var network in s_networks)
        {
            foreach (var (batch, threads) in new[] { (1, 1), (1, 2), (8, 1), (8, 2) })
            {
                using var comparison = new Comparison(network, batch, threads);
                output.WriteLine($"| {network} | {batch} | {threads} | {Row(comparison.Run(Rounds))} |");
            }
        }
    }

    private static string Row(ComparisonResult result) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{result.OursMilliseconds:0.00} | {result.PeerMilliseconds:0.00} | {result.Ratios.Max():0.00} | {string.Join(" ", result.Ratios.Select(ratio => ratio.ToString("0.00", CultureInfo.InvariantCulture)))} | {result.RelativeError:0.0e0}"
        );
}
