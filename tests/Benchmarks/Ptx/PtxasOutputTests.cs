using ILGpuMobileNet.Benchmarks.Ptx;

namespace ILGpuMobileNet.Benchmarks.Tests.Ptx;

public sealed class PtxasOutputTests
{
    [Fact]
    public void Reads_a_kernel_with_shared_memory()
    {
        const string Text = """
            ptxas info    : 0 bytes gmem
            ptxas info    : Compiling entry function 'Kernel_TileKernel' for 'sm_75'
            ptxas info    : Function properties for Kernel_TileKernel
                0 bytes stack frame, 0 bytes spill stores, 0 bytes spill loads
            ptxas info    : Used 78 registers, 16384 bytes smem, 452 bytes cmem[0], 8 bytes cmem[2]
            """;
        Assert.Equal(new(78, 0, 0, 16384), PtxasOutput.Parse(Text));
    }

    [Fact]
    public void Adds_spill_stores_and_loads()
    {
        const string Text = """
            ptxas info    : 0 bytes gmem
            ptxas info    : Compiling entry function 'Kernel_TileKernel' for 'sm_90'
            ptxas info    : Function properties for Kernel_TileKernel
                200 bytes stack frame, 608 bytes spill stores, 588 bytes spill loads
            ptxas info    : Used 32 registers, 200 bytes cumulative stack size, 16384 bytes smem
            """;
        Assert.Equal(new(32, 1196, 200, 16384), PtxasOutput.Parse(Text));
    }

    [Fact]
    public void Refuses_text_without_registers() =>
        Assert.Contains(
            "'nothing'",
            Assert.Throws<FormatException>(() => PtxasOutput.Parse("nothing")).Message,
            StringComparison.Ordinal
        );
}
