using System.Runtime.InteropServices;
using ILGpuMobileNet.Kernels.Gpu;
using ILGpuMobileNet.Reference.Operations;

namespace ILGpuMobileNet.Kernels.Tests.Gpu;

[Trait("Device", "ilgpu")]
[Collection("device")]
public sealed class DepthwiseConvTests
{
    private static readonly Window s_three = Symmetric(3, 1);

    public static TheoryData<ConvolutionTest> Cases { get; } =
    [
        .. ConvolutionTests.Depthwise,
        .. from width in (int[])[1, 2, 3, 4, 5, 7] // tails of strips
        from channels in (int[])[1, 3, 5, 130]
        select Channelwise(3, new(2, width, channels), s_three),
        Channelwise(2, new(7, 9, 8), Symmetric(5, 2)) with
        {
            Activation = Activation.Silu,
            HasResidual = true,
        },
        Channelwise(1, new(9, 17, 12), Symmetric(3, 4, dilation: 2)),
        Channelwise(1, new(5, 13, 6), Symmetric(7, 1)),
        Channelwise(2, new(3, 10, 260), Symmetric(1, 2)),
    ];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Matches_reference(ConvolutionTest test) =>
        GpuAssert.Close(ReferenceOperations.Convolution(test), Run(test).Run(GpuOperations.Depthwise(test)));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Summing_changes_no_output_and_matches_reference(ConvolutionTest test)
    {
        var operation = GpuOperations.Depthwise(test, writesSums: true);
        var quads = Float4.CountFor(test.OutputChannels);
        var run = Run(test, test.Batch * operation.SumsBandCount * quads);
        Assert.Equal(Run(test).Run(GpuOperations.Depthwise(test)), run.Run(operation));
        var sums = QuadLayout.Strip(run.Sums, test.OutputChannels);
        GpuAssert.Close(ReferenceSums(test), AddBands(sums, operation.SumsBandCount, test.OutputChannels));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void An_image_has_the_same_bits_in_any_batch(ConvolutionTest test) =>
        GpuAssert.EachImageAlone(Run(test), () => GpuOperations.Depthwise(test));

    [Fact]
    public void Sums_have_the_same_bits_in_any_batch()
    {
        var test = Channelwise(3, new(14, 14, 100), s_three) with { Activation = Activation.HardSwish };
        var operation = GpuOperations.Depthwise(test, writesSums: true);
        var length = operation.SumsBandCount * Float4.CountFor(test.OutputChannels);
        var (batch, last) = (Run(test, test.Batch * length), Run(test, length).Image(2));
        batch.Run(operation);
        last.Run(operation);
        Assert.Equal(Bytes(batch.Sums.AsSpan(2 * length)), Bytes(last.Sums));
    }

    [Fact]
    public void Bands_depend_on_the_image_only_and_cover_it()
    {
        foreach (var shape in (FeatureShape[])[new(1, 1, 1), new(112, 112, 16), new(7, 7, 960), new(300, 301, 24)])
        {
            var bands = new DepthwiseBands(shape);
            Assert.InRange(bands.Count, 1, 32);
            Assert.InRange(bands.GroupSize, 1, DepthwiseBands.LargestGroup);
            Assert.InRange(bands.BlockQuads * bands.BlockCount, Float4.CountFor(shape.Channels), int.MaxValue);
            Assert.InRange(bands.Count * bands.StripCount, shape.Height * Strip.CountFor(shape.Width), int.MaxValue);
        }
    }

    [Fact]
    public void Refuses_batches_that_cannot_be_indexed()
    {
        var operation = GpuOperations.Depthwise(Channelwise(1, new(112, 112, 64), s_three));
        operation.Load(TestDevice.Shared.Accelerator, default);
        var stream = TestDevice.Shared.Accelerator.DefaultStream;
        var fault = Assert.Throws<ArgumentException>(() => operation.Launch(stream, new(100_000)));
        Assert.Contains("smaller batch", fault.Message, StringComparison.Ordinal);
    }

    private static GpuRun Run(ConvolutionTest test, int sumsLength = 0) =>
        GpuRun.Of(TestDevice.Shared.Accelerator, test, sumsLength: sumsLength);

    private static byte[] Bytes(ReadOnlySpan<Float4> values) => MemoryMarshal.AsBytes(values).ToArray();

    private static List<double> ReferenceSums(ConvolutionTest test)
    {
        var (pixels, channels) = ((int)test.Output.PixelCount, test.OutputChannels);
        return
        [
            .. ReferenceOperations
                .Convolution(test)
                .Chunk(pixels * channels)
                .SelectMany(image =>
                    Enumerable.Range(0, channels).Select(c => image.Where((_, i) => i % channels == c).Sum())
                ),
        ];
    }

    private static float[] AddBands(float[] sums, int bands, int channels) =>
        [
            .. sums.Chunk(bands * channels)
                .SelectMany(image =>
                    Enumerable.Range(0, channels).Select(c => image.Where((_, i) => i % channels == c).Sum())
                ),
        ];

    private static ConvolutionTest Channelwise(int batch, FeatureShape input, Window window) =>
        new(batch, input, input.Channels, window, input.Channels);

    private static Window Symmetric(int kernel, int stride, int dilation = 1) =>
        new(
            Extent.Square(kernel),
            Extent.Square(stride),
            Extent.Square(dilation),
            Padding.Symmetric(Extent.Square(kernel), Extent.Square(dilation))
        );
}
