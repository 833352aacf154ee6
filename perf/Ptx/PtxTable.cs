using System.Globalization;

namespace ILGpuMobileNet.Benchmarks.Ptx;

/// <summary>The figures as a Markdown table, a row for the kernels that differ in their activation only.</summary>
internal static class PtxTable
{
    /// <summary>Writes what was measured, with what, and the table.</summary>
    /// <param name="output">Receives the text.</param>
    /// <param name="reports">Every kernel.</param>
    /// <param name="tools">What compiled and assembled them.</param>
    public static void Write(TextWriter output, IReadOnlyList<KernelReport> reports, string tools)
    {
        output.Write(
            $"""
            # The kernels' machine code

            Made with {tools} by
            `dotnet run -c Release --project perf -p:Ilgpu=package -- ptx --output perf/results/ptx.md`.

            {reports.Count} kernels, for {string.Join(
                " / ",
                PtxArchitectures.Names
            )}; one number where both have the same.
            A row is for the kernels that differ in their activation only, and has the worst of each figure: registers,
            spilled bytes and stack of a thread, shared memory of a group, instructions, and FFMA of all instructions in
            the loop that has the largest part of them.

            Limits: no spills, at most {KernelReport.MostRegisters} registers, and in the inner loop of PointwiseConv
            at least {KernelReport.LeastMultiplyAdds:0%} FFMA. {Verdict(reports)}

            | kernel | count | registers | spilled | stack | shared | instructions | FFMA in the inner loop |
            |---|---|---|---|---|---|---|---|

            """
        );
        var groups = reports.GroupBy(report => report.Kernel.Group);
        foreach (var group in groups.OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            output.WriteLine(Row(group.Key, [.. group]));
        }
    }

    private static string Verdict(IReadOnlyList<KernelReport> reports)
    {
        var count = reports.Count(report => report.Faults.Any());
        return count == 0 ? "No kernel breaks one." : $"{count} kernels break one.";
    }

    private static string Row(string group, IReadOnlyList<KernelReport> reports)
    {
        var worst = PtxArchitectures
            .Names.Select((_, i) => KernelFigures.Worst([.. reports.Select(report => report.Figures[i])]))
            .ToList();
        string Cell(Func<KernelFigures, string> figure) => string.Join(" / ", worst.Select(figure).Distinct());
        string Number(Func<KernelFigures, int> figure) =>
            Cell(figures => figure(figures).ToString(CultureInfo.InvariantCulture));
        string[] cells =
        [
            group,
            reports.Count.ToString(CultureInfo.InvariantCulture),
            Number(of => of.Resources.Registers),
            Number(of => of.Resources.SpillBytes),
            Number(of => of.Resources.StackBytes),
            Number(of => of.Resources.SharedBytes),
            Number(of => of.InstructionCount),
            Cell(of => Loop(of.InnerLoop)),
        ];
        return $"| {string.Join(" | ", cells)} |";
    }

    private static string Loop(LoopCode? loop) =>
        loop is { } code
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"{code.Share:0%} ({code.MultiplyAddCount} of {code.InstructionCount})"
            )
            : "-";
}
