using System.Globalization;
using System.Runtime.InteropServices;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Kernels.Simd;

namespace ILGpuMobileNet.Benchmarks.Compare;

/// <summary>Compares with ONNX Runtime and prints a table.</summary>
internal static class CompareCommand
{
    private const int Rounds = 3;

    /// <summary>Runs the cases.</summary>
    /// <param name="filter">Words of which a case's name must begin with one; none means every case.</param>
    /// <param name="output">Receives the table.</param>
    /// <returns>The exit code: 2 where no case has such a name.</returns>
    public static int Run(IReadOnlyList<string> filter, TextWriter output)
    {
        var cases = ComparisonCase.All.Where(one => filter.Count == 0 || filter.Any(one.Name.StartsWith)).ToList();
        if (cases.Count == 0)
        {
            Console.Error.WriteLine($"error: no network's name begins with {string.Join(" or ", filter)}.");
            return 2;
        }
        output.WriteLine(
            $"{ProcessorName.Read()}, {Environment.ProcessorCount} cores, {Simd.Preferred}, {RuntimeInformation.FrameworkDescription}"
        );
        output.WriteLine();
        output.WriteLine(
            "| network | batch | threads | ms | ONNX Runtime ms | ratio, best of rounds | ratios | GFLOP/s | of bound | difference |"
        );
        output.WriteLine("|---|---|---|---|---|---|---|---|---|---|");
        foreach (var one in cases)
        {
            using var comparison = new Comparison(one);
            output.WriteLine($"| {one.Name} | {one.Batch} | {one.Threads} | {Row(comparison.Run(Rounds))} |");
        }
        return 0;
    }

    private static string Row(ComparisonResult result)
    {
        var ratios = string.Join(
            " ",
            result.Ratios.Select(ratio => ratio.ToString("0.00", CultureInfo.InvariantCulture))
        );
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{result.OursMilliseconds:0.00} | {result.PeerMilliseconds:0.00} | {result.Ratios.Max():0.00} | {ratios} | {result.FlopsPerSecond / 1e9:0.0} | {100 * result.FlopsPerSecond / result.BoundFlopsPerSecond:0}% | {result.RelativeError:0.0e0}"
        );
    }
}
