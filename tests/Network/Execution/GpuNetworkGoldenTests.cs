using ILGpuMobileNet.Network.Execution;
using ILGpuMobileNet.Reference.Goldens;
using ILGpuMobileNet.Reference.Operations;

namespace ILGpuMobileNet.Network.Tests.Execution;

/// <summary>Every network and block on an ILGPU accelerator, against PyTorch's output for the same weights and images.</summary>
[Collection("device")]
public sealed class GpuNetworkGoldenTests
{
    public static TheoryData<string> Names { get; } = [.. GoldenCases.Outputs.Select(golden => golden.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Matches_PyTorch(string name)
    {
        var golden = GoldenCases.Find(name);
        using var session = new GpuSession(
            GoldenNetworks.Model(golden),
            TestDevice.Shared.Accelerator,
            "test",
            new(golden.Batch)
        );
        var input = GoldenNetworks.Input(golden);
        var output = GoldenNetworks.Run(session, input, golden.Batch);
        GoldenNetworks.AssertClose(golden, output);
        var first = GoldenNetworks.Run(session, input[..(input.Length / golden.Batch)], 1);
        Assert.Equal(output[..first.Length], first);
    }
}
