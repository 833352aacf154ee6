using ILGpuMobileNet.Host.Serving;

namespace ILGpuMobileNet.Host.Tests.Serving;

public sealed class MemoryBudgetTests
{
    private const long Mebibyte = 1 << 20;

    private static readonly MemoryBudget s_budget = new(
        [
            new(DeviceName.Cpu, new(20 * Mebibyte, 4 * Mebibyte, Mebibyte / 2)),
            new(DeviceName.Cpu, new(0, 4 * Mebibyte, Mebibyte / 2)),
            new(DeviceName.Parse("cuda:1"), new(22 * Mebibyte, 1024 * Mebibyte, 0, 3 * Mebibyte)),
        ],
        6 * Mebibyte
    );

    [Fact]
    public void Is_the_sum_of_sessions_and_buffers() => Assert.Equal(1084 * Mebibyte, s_budget.Total);

    [Fact]
    public void Takes_what_fits_to_the_byte() => s_budget.CheckFits("net", s_budget.Total);

    [Fact]
    public void Refuses_more_and_spells_the_sum_out()
    {
        var fault = Assert.Throws<InsufficientMemoryException>(() =>
            s_budget.CheckFits("net, batch 8,", s_budget.Total - Mebibyte)
        );
        Assert.Equal(
            "net, batch 8, needs 1,084.0 MiB, the budget is 1,083.0 MiB: "
                + "cpu 24.5 MiB (20.0 MiB of weights, 4.0 MiB of activations, 0.5 MiB of working memory, 0.0 MiB of staging) "
                + "+ cpu 4.5 MiB (0.0 MiB of weights, 4.0 MiB of activations, 0.5 MiB of working memory, 0.0 MiB of staging) "
                + "+ cuda:1 1,049.0 MiB (22.0 MiB of weights, 1,024.0 MiB of activations, 0.0 MiB of working memory, "
                + "3.0 MiB of staging) + 6.0 MiB of images and results that wait. "
                + "Use a smaller batch or input resolution, fewer devices or threads, or a larger budget.",
            fault.Message
        );
    }
}
