using ILGpuMobileNet.Kernels;

namespace ILGpuMobileNet.Reference.Operations;

/// <summary>The shapes every implementation of an operation is held to.</summary>
public static class ConvolutionTests
{
    /// <summary>Every activation.</summary>
    public static IReadOnlyList<Activation> Activations { get; } =
    [
        Activation.Identity,
        Activation.Relu,
        Activation.Relu6,
        Activation.HardSwish,
        Activation.HardSigmoid(),
        Activation.HardSigmoid(0.2f),
        Activation.Sigmoid,
        Activation.Silu,
    ];

    /// <summary>Standard convolutions: any kernel, stride, dilation, padding.</summary>
    public static IReadOnlyList<ConvolutionTest> Standard { get; } =
    [
        new(1, new(1, 1, 1), 1, Symmetric(3, 1)),
        new(1, new(32, 32, 3), 16, Symmetric(3, 2)),
        new(3, new(33, 31, 3), 35, Symmetric(3, 2)) { Activation = Activation.HardSwish },
        new(2, new(14, 15, 3), 32, Same(new(14, 15), 3, 2)) { Activation = Activation.Relu6 },
        new(2, new(5, 7, 3), 24, Same(new(5, 7), 3, 1)),
        new(1, new(2, 2, 5), 7, Symmetric(3, 5)) { Activation = Activation.Relu },
        new(2, new(9, 11, 17), 19, Symmetric(5, 1)) { HasResidual = true },
        new(1, new(13, 9, 4), 8, new(Extent.Square(3), new(2, 1), Extent.Square(2), new(2, 2, 2, 2))),
        new(2, new(10, 6, 8), 12, new(new(2, 3), new(1, 2), Extent.Square(1), new(0, 1, 1, 0))),
        new(2, new(15, 13, 24), 40, new(Extent.Square(1), Extent.Square(2), Extent.Square(1), default)),
    ];

    /// <summary>Convolutions in groups, also of one input channel each.</summary>
    public static IReadOnlyList<ConvolutionTest> Grouped { get; } =
    [
        new(1, new(6, 6, 12), 18, Symmetric(3, 1), Groups: 3),
        new(1, new(6, 5, 6), 12, Symmetric(3, 1), Groups: 6) { Activation = Activation.Silu },
        new(2, new(5, 50, 66), 38, Window.Pointwise, Groups: 2) { Activation = Activation.Relu, HasResidual = true },
        new(3, new(4, 7, 20), 90, Symmetric(5, 2), Groups: 5) { HasResidual = true },
        new(1, new(9, 7, 8), 8, new(new(3, 2), new(2, 1), new(2, 1), new(2, 0, 1, 1)), Groups: 4),
    ];

    /// <summary>Depthwise convolutions.</summary>
    public static IReadOnlyList<ConvolutionTest> Depthwise { get; } =
    [
        Channelwise(1, new(1, 1, 2), Symmetric(3, 1)),
        Channelwise(2, new(7, 7, 16), Symmetric(3, 1)) with
        {
            Activation = Activation.Relu,
        },
        Channelwise(3, new(9, 5, 67), Symmetric(3, 2)) with
        {
            Activation = Activation.HardSwish,
        },
        Channelwise(2, new(14, 13, 72), Symmetric(5, 2)) with
        {
            Activation = Activation.Relu6,
        },
        Channelwise(1, new(12, 17, 130), Symmetric(5, 1)) with
        {
            HasResidual = true,
        },
        Channelwise(2, new(8, 9, 24), new(Extent.Square(3), new(2, 1), Extent.Square(1), new(1, 1, 1, 1))),
        Channelwise(1, new(11, 12, 150), new(Extent.Square(5), new(2, 1), Extent.Square(1), new(2, 2, 2, 2))) with
        {
            HasResidual = true,
        },
        Channelwise(1, new(5, 3, 17), new(Extent.Square(3), new(2, 1), Extent.Square(1), new(1, 1, 1, 1))),
        Channelwise(2, new(10, 11, 20), Same(new(10, 11), 3, 2)),
        Channelwise(1, new(10, 10, 20), Same(new(10, 10), 5, 2)),
        Channelwise(1, new(3, 3, 5), Symmetric(7, 4)),
        Channelwise(1, new(11, 12, 33), Symmetric(3, 1, dilation: 3)),
        Channelwise(1, new(2, 3, 4), new(Extent.Square(3), Extent.Square(1), Extent.Square(1), new(4, 3, 3, 4))),
        Channelwise(2, new(4, 4, 9), Window.Pointwise),
    ];

    /// <summary>Pointwise convolutions and fully connected layers; every activation, with and without gate and residual.</summary>
    public static IReadOnlyList<ConvolutionTest> Pointwise { get; } =
    [
        PerPixel(1, new(1, 1, 1), 1),
        PerPixel(1, new(7, 7, 160), 96),
        PerPixel(3, new(5, 5, 13), 37) with
        {
            HasGate = true,
        },
        PerPixel(2, new(7, 9, 40), 40) with
        {
            HasResidual = true,
        },
        PerPixel(2, new(6, 6, 72), 24) with
        {
            HasGate = true,
            HasResidual = true,
            Activation = Activation.Relu,
        },
        PerPixel(1, new(14, 15, 8), 48) with
        {
            HasGate = true,
        },
        PerPixel(2, new(1, 1, 576), 1001) with
        {
            Activation = Activation.HardSwish,
        },
        PerPixel(9, new(1, 1, 33), 17),
        PerPixel(1, new(11, 9, 21), 130) with
        {
            Activation = Activation.Relu6,
        },
        PerPixel(2, new(3, 7, 66), 70) with
        {
            HasResidual = true,
        },
        PerPixel(2, new(5, 5, 37), 70) with
        {
            HasResidual = true,
            Activation = Activation.HardSwish,
        },
        PerPixel(1, new(20, 21, 24), 33) with
        {
            HasGate = true,
            Activation = Activation.Relu6,
        },
        .. Activations.Select(activation => PerPixel(2, new(3, 5, 11), 21) with { Activation = activation }),
    ];

    private static ConvolutionTest Channelwise(int batch, FeatureShape input, Window window) =>
        new(batch, input, input.Channels, window, input.Channels);

    private static ConvolutionTest PerPixel(int batch, FeatureShape input, int outputChannels) =>
        new(batch, input, outputChannels, Window.Pointwise);

    /// <summary>A window whose padding is the same on both sides.</summary>
    public static Window Symmetric(int kernel, int stride, int dilation = 1) =>
        new(
            Extent.Square(kernel),
            Extent.Square(stride),
            Extent.Square(dilation),
            Padding.Symmetric(Extent.Square(kernel), Extent.Square(dilation))
        );

    private static Window Same(Extent input, int kernel, int stride) =>
        new(
            Extent.Square(kernel),
            Extent.Square(stride),
            Extent.Square(1),
            Padding.Same(input, Extent.Square(kernel), Extent.Square(stride))
        );
}
