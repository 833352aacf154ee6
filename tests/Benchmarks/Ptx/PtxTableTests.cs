using ILGpuMobileNet.Benchmarks.Ptx;

namespace ILGpuMobileNet.Benchmarks.Tests.Ptx;

public sealed class PtxTableTests
{
    private static readonly KernelFigures s_good = new(new(80, 0, 0, 4096), 500, new(80, 100));

    [Fact]
    public void Has_the_worst_of_the_activations()
    {
        var kernels = KernelCatalog.All.Where(kernel => kernel.Group == "PointwiseConv Tile Tile64x64 EightRows");
        var text = new StringWriter();
        var reports = kernels.Select(kernel => new KernelReport(kernel, [s_good, s_good])).ToList();
        reports[1] = reports[1] with
        {
            Figures = [s_good with { InnerLoop = new(75, 100), InstructionCount = 7 }, s_good],
        };
        PtxTable.Write(text, reports, "tools");
        Assert.Contains("No kernel breaks one.", text.ToString(), StringComparison.Ordinal);
        Assert.EndsWith(
            "| PointwiseConv Tile Tile64x64 EightRows | 7 | 80 | 0 | 0 | 4096 | 500 "
                + "| 75% (75 of 100) / 80% (80 of 100) |\n",
            text.ToString(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Names_broken_limits()
    {
        var spilling = new KernelFigures(new(129, 8, 0, 0), 500, null);
        const string Name = "PointwiseConv Tile Tile64x64 EightRows Identity";
        Assert.Equal(
            [
                $"{Name} on sm_90: 8 bytes spilled, expected none.",
                $"{Name} on sm_90: 129 registers, expected at most 128.",
                $"{Name} on sm_90: 0% FFMA in the inner loop, expected at least 70%.",
            ],
            Report(Name, s_good, spilling).Faults
        );
        Assert.Empty(Report("Softmax Pixel", s_good, s_good with { InnerLoop = null }).Faults);
    }

    private static KernelReport Report(string name, params KernelFigures[] figures) =>
        new(KernelCatalog.All.Single(kernel => kernel.ToString() == name), figures);
}
