using ILGpuMobileNet.Benchmarks.Ptx;

namespace ILGpuMobileNet.Benchmarks.Tests.Ptx.Emulated;

public sealed class PtxCommandTests
{
    [Fact]
    public void Says_why_it_is_skipped_and_what_it_needs()
    {
        var output = new StringWriter();
        Assert.Equal(0, PtxCommand.Run([], output));
        Assert.StartsWith("Skipped: ", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("-p:Ilgpu=package", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_unknown_arguments() => Assert.Equal(2, PtxCommand.Run(["--other"], new StringWriter()));
}
