using ILGpuMobileNet.Kernels.Gpu;
using ILGpuMobileNet.Reference.Operations;

namespace ILGpuMobileNet.Kernels.Tests.Gpu;

[Trait("Device", "ilgpu")]
[Collection("device")]
public sealed class PoolTests
{
    public static TheoryData<PoolTest, PoolKind> Cases { get; } = Times(PoolTest.All);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Matches_reference(PoolTest test, PoolKind kind)
    {
        var expected = ReferenceOperations.Pool(kind, test.Input, test.Window, test.Batch, test.InputValues());
        GpuAssert.Close(expected, Run(test, test.InputValues()).Run(Create(test, kind)));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void An_image_has_the_same_bits_in_any_batch(PoolTest test, PoolKind kind) =>
        GpuAssert.EachImageAlone(Run(test, test.InputValues()), () => Create(test, kind));

    [Fact]
    public void What_is_not_a_number_stays_so()
    {
        var test = new PoolTest(1, new(2, 2, 4), new(Extent.Square(2), Extent.Square(1), Extent.Square(1), default));
        for (var position = 0; position < 4; position++)
        {
            var input = test.InputValues();
            input[position * 4] = float.NaN;
            Assert.True(float.IsNaN(Run(test, input).Run(Create(test, PoolKind.Max))[0]));
        }
    }

    private static Pool Create(PoolTest test, PoolKind kind) => new(GpuOperations.Case(test), kind);

    private static GpuRun Run(PoolTest test, float[] input) =>
        new(TestDevice.Shared.Accelerator, test.Batch)
        {
            Input = input,
            InputShape = test.Input,
            OutputShape = test.Output,
        };

    private static TheoryData<PoolTest, PoolKind> Times(IEnumerable<PoolTest> tests)
    {
        var data = new TheoryData<PoolTest, PoolKind>();
        foreach (var test in tests)
        {
            foreach (var kind in Enum.GetValues<PoolKind>())
            {
                data.Add(test, kind);
            }
        }
        return data;
    }
}
