using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Kernels.Gpu;

namespace ILGpuMobileNet.Benchmarks.Ptx;

/// <summary>
/// Every device method that the library launches: all operations with every activation and option, more than the
/// networks of the catalog need.
/// </summary>
internal static class KernelCatalog
{
    private const int Channels = 4;
    private static readonly FeatureShape s_image = new(8, 8, Channels);
    private static readonly bool[] s_choices = [false, true];

    /// <summary>The methods, each once.</summary>
    public static IReadOnlyList<KernelVariant> All { get; } =
    [
        .. Activated()
            .Concat(Others())
            .SelectMany(operation => operation.Kernels)
            .Concat(TopK.Kernels)
            .Concat(ResizeNormalize.Kernels)
            .Select(kernel => kernel.Method)
            .Distinct()
            .Select(method => new KernelVariant(method)),
    ];

    private static IEnumerable<GpuOperation> Activated() =>
        from kind in Enum.GetValues<ActivationKind>()
        from hasResidual in s_choices
        from operation in Activated(new(kind), hasResidual)
        select operation;

    private static IEnumerable<GpuOperation> Activated(Activation activation, bool hasResidual) =>
        [
            .. s_choices.SelectMany(hasGate => Gated(activation, hasGate, hasResidual)),
            .. s_choices.SelectMany(writesSums => Depthwise(activation, new(hasResidual, writesSums))),
            new GroupedConv(Case(Channels, 3, 1), 2, Weights(2 * 9), activation, hasResidual),
            .. new[] { 3, Channels }.Select(inputs => Standard(inputs, activation, new(false, hasResidual))),
        ];

    private static IEnumerable<GpuOperation> Gated(Activation activation, bool hasGate, bool hasResidual) =>
        [
            .. LaunchRule.Tiles.Select(tile => new PointwiseConv(
                (int)s_image.PixelCount,
                Weights(Channels),
                activation,
                new(tile, hasGate, hasResidual)
            )),
            new Linear(Weights(Channels), activation, new(hasGate, hasResidual)),
            new Elementwise(s_image, activation, new(hasGate, hasResidual)),
        ];

    private static IEnumerable<GpuOperation> Depthwise(Activation activation, DepthwiseOptions options) =>
        from kernel in new[] { 3, 5, 7 }
        from stride in new[] { 1, 2 }
        let convolution = Case(Channels, kernel, stride)
        select new DepthwiseConv(convolution, Weights(convolution.Window.TapCount), activation, options);

    private static StandardConv Standard(int inputs, Activation activation, StandardOptions options)
    {
        var convolution = Case(inputs, 3, 2);
        return new(convolution, Weights(convolution.Window.TapCount * inputs), activation, options);
    }

    private static IEnumerable<GpuOperation> Others() =>
        [
            .. Enum.GetValues<PoolKind>().Select(kind => new Pool(Case(Channels, 3, 2), kind)),
            new GlobalAveragePool(s_image),
            new Softmax(s_image),
            new PadChannels(s_image),
            new CopyChannels(new(s_image, Channels, [ChannelRun.Neighbours(0, 0, Channels)], ClearsPadding: true)),
        ];

    private static ConvolutionCase Case(int inputs, int kernel, int stride)
    {
        var (taps, near) = (Extent.Square(kernel), Extent.Square(1));
        var window = new Window(taps, Extent.Square(stride), near, Padding.Symmetric(taps, near));
        return ConvolutionCase.Of(s_image with { Channels = inputs }, inputs, Channels, window);
    }

    private static DenseWeights Weights(int inputs) => new(new float[Channels * inputs], new float[Channels]);
}
