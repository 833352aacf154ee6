using ILGpuMobileNet.Network.Execution;
using ILGpuMobileNet.Network.Tests.Execution;
using ILGpuMobileNet.Reference.Operations;

namespace ILGpuMobileNet.Network.Tests.Forms;

/// <summary>The form whose padding no other network has, on an ILGPU accelerator.</summary>
[Trait("Device", "ilgpu")]
[Collection("device")]
public sealed class GpuFormGoldenTests
{
    [Fact]
    public void Computes_what_Keras_computes_at_an_odd_height()
    {
        var golden = FormGolden.Get("keras-MobileNet");
        using var session = new GpuSession(golden.Load(), TestDevice.Shared.Accelerator, "test", new(golden.Batch));
        golden.AssertClose(GoldenNetworks.Run(session, golden.Input(), golden.Batch));
    }
}
