using ILGpuMobileNet.Kernels.Gpu;
using ILGpuMobileNet.Reference.Operations;

namespace ILGpuMobileNet.Kernels.Tests.Gpu;

[Trait("Device", "ilgpu")]
[Collection("device")]
public sealed class CopyChannelsTests
{
    public static TheoryData<ChannelCopyTest> Cases { get; } = [.. ChannelCopyTest.All];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Moves_every_value_where_it_belongs(ChannelCopyTest test)
    {
        var run = new GpuRun(TestDevice.Shared.Accelerator, test.Batch)
        {
            Input = test.InputValues(),
            InputShape = test.Input,
            OutputShape = test.Output,
        };
        Assert.Equal(test.Expected(), run.Run(new CopyChannels(test.Copy)));
    }
}
