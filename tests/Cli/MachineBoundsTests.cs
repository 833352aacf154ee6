namespace ILGpuMobileNet.Cli.Tests;

/// <summary>What the tool finds of the machine, in a process with its own settings of the JIT compiler.</summary>
[Collection(MeasuringTests.Name)]
public sealed class MachineBoundsTests
{
    [Fact]
    public void No_network_computes_more_than_the_machine_can()
    {
        var result = ToolProcess.Run(
            "profile",
            "mobilenet_v1",
            "--random-weights",
            "1",
            "--device",
            "cpu",
            "--threads",
            "1",
            "--rounds",
            "5",
            "--json"
        );

        Assert.True(result.Code == ExitCode.Done, result.Error);
        var peak = result.Json.GetProperty("machine").GetProperty("flops_per_second").GetDouble();
        // The bound is measured before the network: on a machine that others use, perhaps in a worse moment.
        Assert.InRange(result.Json.GetProperty("flops_per_second").GetDouble(), 0.02 * peak, 1.5 * peak);
    }
}
