using ILGPU.Runtime;
using ILGpuMobileNet.Kernels.Gpu;
using ILGpuMobileNet.Reference.Operations;

namespace ILGpuMobileNet.Kernels.Tests.Gpu;

[Trait("Device", "ilgpu")]
[Collection("device")]
public sealed class TopKTests
{
    public static TheoryData<TopKTest> Cases { get; } = [.. TopKTest.All];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Equals_a_stable_sort(TopKTest test) => Check(test.InputValues(), test.Channels, test.Count);

    [Fact]
    public void Of_equal_values_the_first_comes_first() =>
        Check([.. TestValues.Uniform(1, 3 * 333, 4).Select(value => MathF.Round(value))], 333, 300);

    [Fact]
    public void Zeros_are_equal_whatever_their_sign() => Check([-0f, 0f, -1, 0f, -0f, 1], 6, 6);

    [Fact]
    public void What_is_not_a_number_comes_last()
    {
        var infinity = float.PositiveInfinity;
        Check([float.NaN, 3, -infinity, float.NaN, infinity, -infinity, -2, float.NaN, 0], 9, 9);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    public void More_than_there_are_or_none_are_refused(int count) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new TopK(TestDevice.Shared.Accelerator, 3, count));

    [Theory]
    [InlineData(5, 4, 4)]
    [InlineData(6, 3, 4)]
    [InlineData(6, 4, 3)]
    public void Views_that_are_too_short_are_refused(int inputLength, int valueLength, int indexLength)
    {
        var accelerator = TestDevice.Shared.Accelerator;
        using var input = accelerator.Allocate1D<float>(inputLength);
        using var values = accelerator.Allocate1D<float>(valueLength);
        using var indices = accelerator.Allocate1D<int>(indexLength);
        var largest = new TopK(accelerator, 3, 2);
        var stream = accelerator.DefaultStream;
        Assert.Throws<ArgumentException>(() => largest.Launch(stream, input.View, 2, values.View, indices.View));
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            largest.Launch(stream, input.View, 0, values.View, indices.View)
        );
    }

    private static void Check(float[] input, int channels, int count)
    {
        // NaN is the smallest of all in .NET's order, and zeros are equal.
        var order = input
            .Chunk(channels)
            .Select(row => Enumerable.Range(0, channels).OrderByDescending(c => row[c]).Take(count).ToArray())
            .ToList();
        var (values, indices) = Run(input, channels, count);
        Assert.Equal(order.SelectMany(row => row), indices);
        Assert.Equal(order.SelectMany((row, n) => row.Select(c => input[n * channels + c])), values);
    }

    private static (float[] Values, int[] Indices) Run(float[] input, int channels, int count)
    {
        var accelerator = TestDevice.Shared.Accelerator;
        var batch = input.Length / channels;
        using var stream = accelerator.CreateStream();
        using var rows = accelerator.Allocate1D(input);
        using var values = accelerator.Allocate1D<float>(batch * count);
        using var indices = accelerator.Allocate1D<int>(batch * count);
        new TopK(accelerator, channels, count).Launch(stream, rows.View, batch, values.View, indices.View);
        stream.Synchronize();
        return (values.GetAsArray1D(), indices.GetAsArray1D());
    }
}
