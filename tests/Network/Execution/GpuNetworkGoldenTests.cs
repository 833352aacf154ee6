using ILGpuMobileNet.Kernels.Gpu;
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

    // Where it takes minutes: small images, and of the widths of a network the narrowest.
    private const int MostPixelsWhereSlow = 4600;

    private static bool IsLarge(GoldenCase golden) =>
        golden.Height * golden.InputWidth > MostPixelsWhereSlow
        || GoldenCases.Outputs.Any(other => other.Network == golden.Network && other.Width < golden.Width);

    [SkippableTheory]
    [MemberData(nameof(Names))]
    public void Matches_PyTorch(string name)
    {
        var golden = GoldenCases.Find(name);
        Skip.If(
            TestDevice.IsSlow && IsLarge(golden),
            "takes minutes on ILGPU's CPU accelerator; MOBILENET_TEST_DEVICE=opencl or cuda, and the emulator, run it"
        );
        // Batches of every size are held against each other in GpuSessionTests; here of large images only where a GPU runs
        // them.
        var batch = TestDevice.IsSlow || (GpuDiscovery.IsEmulated && IsLarge(golden)) ? 1 : golden.Batch;
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
