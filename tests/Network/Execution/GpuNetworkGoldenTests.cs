using ILGpuMobileNet.Kernels.Gpu;
using ILGpuMobileNet.Network.Execution;
using ILGpuMobileNet.Reference.Goldens;
using ILGpuMobileNet.Reference.Operations;

namespace ILGpuMobileNet.Network.Tests.Execution;

/// <summary>Every network and block on an ILGPU accelerator, against PyTorch's output for the same weights and images.</summary>
[Collection("device")]
public sealed class GpuNetworkGoldenTests
{
    public static TheoryData<string> Names { get; } = [.. GoldenCases.Outputs.Select(golden => golden.Name)];

    private const int MostPixelsWithThreads = 4600; // each thread of a group is one of the machine there: minutes a run

    [SkippableTheory]
    [MemberData(nameof(Names))]
    public void Matches_PyTorch(string name)
    {
        var golden = GoldenCases.Find(name);
        Skip.If(
            golden.Height * golden.InputWidth > MostPixelsWithThreads
                && TestDevice.Backend == GpuBackend.Cpu
                && !GpuDiscovery.IsEmulated,
            "takes minutes on ILGPU's CPU accelerator; MOBILENET_TEST_DEVICE=opencl or cuda, and the emulator, run it"
        );
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
