using ILGpuMobileNet.Kernels.Simd;
using ILGpuMobileNet.Reference.Operations;

namespace ILGpuMobileNet.Kernels.Tests.Simd;

public sealed class CopyChannelsTests
{
    public static TheoryData<ChannelCopyTest, SimdWidth> Cases { get; } = Widths.Times(ChannelCopyTest.All);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Moves_every_value_where_it_belongs(ChannelCopyTest test, SimdWidth width)
    {
        using var operation = new CopyChannels(width, test.Copy);
        var run = new SimdRun(width, test.Batch)
        {
            Input = test.InputValues(),
            InputShape = test.Input,
            OutputShape = test.Output,
        };
        Assert.Equal(test.Expected(), run.Run(operation));
    }
}
