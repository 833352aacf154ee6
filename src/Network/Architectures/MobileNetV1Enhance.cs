using System.Collections.Immutable;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Architectures.Blocks;
using ILGpuMobileNet.Network.Graph;

namespace ILGpuMobileNet.Network.Architectures;

/// <summary>One depthwise-separable convolution of the recogniser's backbone.</summary>
/// <param name="Kernel">Size of the depthwise kernel.</param>
/// <param name="Out">Channels of the pointwise convolution at width 1.</param>
/// <param name="SqueezeExcite">Whether a squeeze-excite stands between the two convolutions.</param>
/// <param name="Stride">Stride of the depthwise convolution along the rows; the columns keep theirs.</param>
internal readonly record struct EnhanceRow(int Kernel, int Out, bool SqueezeExcite, int Stride);

/// <summary>PP-OCR's recognition backbone, which turns a line of text into features: MobileNetV1 with hard-swish.</summary>
internal static class MobileNetV1Enhance
{
    private const string Name = "mobilenet_v1_enhance";
    private const int StemChannels = 32;
    private const bool SE = true;
    private const bool No = false;

    private static readonly ImmutableArray<EnhanceRow> _rows =
    [
        // Kernel, Out, SqueezeExcite, Stride
        new(3, 64, No, 1),
        new(3, 128, No, 1),
        new(3, 128, No, 1),
        new(3, 256, No, 2),
        new(3, 256, No, 1),
        new(3, 512, No, 2),
        new(5, 512, No, 1),
        new(5, 512, No, 1),
        new(5, 512, No, 1),
        new(5, 512, No, 1),
        new(5, 512, No, 1),
        new(5, 1024, SE, 2),
        new(5, 1024, SE, 1),
    ];

    private static readonly Family _family = Family.Paddle with { Gate = Activation.HardSigmoid() };

    public static Architecture Paddle { get; } =
        new(
            Name,
            new Form(Ecosystem.PaddleOcr, _family, Build)
            {
                Source =
                    "https://github.com/PaddlePaddle/PaddleOCR/blob/main/ppocr/modeling/backbones/rec_mv1_enhance.py",
                Namings =
                [
                    TensorNaming.Own,
                    new(ParameterNames.Paddle, () => Build(NetworkSpec.Nominal(Name, _family))),
                ],
            }
        )
        {
            Description = "PP-OCR's recognition backbone: MobileNetV1 with hard-swish; ends in a feature map.",
            Source = "arXiv:1704.04861 and arXiv:2109.03144; PaddleOCR form",
            DefaultWidth = 0.5,
            DefaultResolution = new(32, 320),
            DefaultClasses = null,
        };

    private static NetworkGraph Build(NetworkSpec spec)
    {
        var graph = spec.NewGraph();
        var stem = ConvolutionUnit.HalvingStem(
            PaddleNames.EnhanceUnit("conv1"),
            spec.Truncated(StemChannels),
            Activation.HardSwish
        );
        var value = stem.AppendTo(graph, graph.Input, spec.Family);
        for (var index = 0; index < _rows.Length; index++)
        {
            value = BlockOf(index, value.Shape.Channels, spec).AppendTo(graph, value, spec.Family);
        }
        return graph.Build(graph.HalvingMaxPool("pool", value));
    }

    private static DepthwiseSeparable BlockOf(int index, int channels, NetworkSpec spec)
    {
        var row = _rows[index];
        return new(PaddleNames.EnhanceBlock($"block_list.{index}"), spec.Truncated(row.Out))
        {
            Kernel = Extent.Square(row.Kernel),
            Stride = spec.Family.BlockStride(row.Stride),
            Activation = Activation.HardSwish,
            Squeezed = row.SqueezeExcite ? ChannelRounding.Quarter(channels) : null,
        };
    }
}
