using System.Runtime.InteropServices;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Kernels.Simd;

namespace ILGpuMobileNet.Benchmarks.Compare;

/// <summary>Compares with ONNX Runtime and prints tables.</summary>
internal static class CompareCommand
{
    private static readonly ComparisonTable[] s_tables =
    [
        TimeTable.Table,
        MemoryTable.Table,
        BatchGrowthTable.Table,
        LoadingTable.Table,
    ];

    /// <summary>Runs the cases.</summary>
    /// <param name="filter">Words of which a case's name must begin with one; none means every case.</param>
    /// <param name="output">Receives the tables.</param>
    /// <returns>The exit code: 2 where no case has such a name.</returns>
    public static int Run(IReadOnlyList<string> filter, TextWriter output)
    {
        var tables = s_tables.Select(table => table.Only(filter)).Where(table => table.Cases.Any()).ToList();
        if (tables.Count == 0)
        {
            Console.Error.WriteLine($"error: no network's name begins with {string.Join(" or ", filter)}.");
            return 2;
        }
        output.WriteLine(
            $"{ProcessorName.Read()}, {Environment.ProcessorCount} cores, {Simd.Preferred}, {RuntimeInformation.FrameworkDescription}"
        );
        tables.ForEach(table => table.Write(output));
        return 0;
    }
}
