using ILGpuMobileNet.Benchmarks.Compare;
using ILGpuMobileNet.Kernels;

namespace ILGpuMobileNet.Benchmarks.Tests.Compare;

public sealed class ComparisonTableTests
{
    private static readonly ComparisonTable s_table = new(
        "Title",
        ["batch", "threads"],
        [
            new("mobilenet_v1", new() { Resolution = Extent.Square(128) }, 1, 2),
            .. ComparisonCase.BigNetworks(32).Where(one => one.Threads == 1),
        ],
        one => [$"{one.Batch}", $"{one.Threads}"]
    );

    [Fact]
    public void Has_a_row_for_each_case_that_the_filter_names()
    {
        var text = new StringWriter { NewLine = "\n" };
        s_table.Only(["mobilenet_v1 128", "mobilenet_v3"]).Write(text);
        Assert.Equal(
            """

            ## Title

            | network | batch | threads |
            |---|---|---|
            | mobilenet_v1 128x128 | 1 | 2 |
            | mobilenet_v3_large | 32 | 1 |
            | mobilenet_v3_small | 32 | 1 |

            """,
            text.ToString()
        );
    }

    [Fact]
    public void Without_a_filter_has_every_case() => Assert.Equal(s_table.Cases, s_table.Only([]).Cases);

    [Theory]
    [InlineData("mobilenet_v3_small", 2)]
    [InlineData("mobilenet_v3_small 128", 0)]
    [InlineData("text", 0)]
    public void Memory_and_growth_are_of_the_big_networks(string name, int count)
    {
        Assert.Equal(count, BatchGrowthTable.Table.Only([name]).Cases.Count());
        Assert.Equal(OperatingSystem.IsLinux() ? count : 0, MemoryTable.Table.Only([name]).Cases.Count());
    }

    [Fact]
    public void A_name_that_no_case_has_is_a_usage_error() =>
        Assert.Equal(2, CompareCommand.Run(["mobilenet_v9"], TextWriter.Null));
}
