using ILGpuMobileNet.Network.Execution;
using ILGpuMobileNet.Reference.Goldens;
using ILGpuMobileNet.Reference.Operations;

namespace ILGpuMobileNet.Network.Tests.Execution;

/// <summary>Every network and block on an ILGPU accelerator, against PyTorch's output for the same weights and images.</summary>
[Trait("Device", "ilgpu")]
[Collection("device")]
public sealed class GpuNetworkGoldenTests
{
    public static TheoryData<string> Names { get; } = [.. GoldenCases.Outputs.Select(golden => golden.Name)];

    private const int MostPixelsWhereSlow = 4600;

    [SkippableTheory]
    [MemberData(nameof(Names))]
    public void Matches_PyTorch(string name)
    {
        var golden = GoldenCases.Find(name);
        Skip.If(
            golden.Height * golden.InputWidth > MostPixelsWhereSlow && TestDevice.IsSlow,
            "takes minutes on ILGPU's CPU accelerator; MOBILENET_TEST_DEVICE=opencl or cuda, and the emulator, run it"
        );
        // Batches of every size are held against each other in GpuSessionTests, also where that takes minutes.
        var batch = TestDevice.IsSlow ? 1 : golden.Batch;
        using var session = new GpuSession(
            GoldenNetworks.Model(golden),
            TestDevice.Shared.Accelerator,
            "test",
            new(batch)
        );
        var input = GoldenNetworks.Input(golden);
        var one = input[..(input.Length / golden.Batch)];
        var output = GoldenNetworks.Run(session, input[..(batch * one.Length)], batch);
        GoldenNetworks.AssertClose(golden, output, batch);
        if (batch > 1)
        {
            var first = GoldenNetworks.Run(session, one, 1);
            Assert.Equal(output[..first.Length], first);
        }
    }
}
