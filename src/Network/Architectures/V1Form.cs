using System.Collections.Immutable;
using ILGpuMobileNet.Kernels;

namespace ILGpuMobileNet.Network.Architectures;

/// <summary>What an ecosystem makes of MobileNetV1's table.</summary>
/// <param name="Ecosystem">Its name.</param>
/// <param name="Family">Numerics; RE is what follows every batch normalisation.</param>
/// <param name="Namings">Names in files.</param>
internal sealed record V1Form(string Ecosystem, Family Family, ImmutableArray<LayerNaming<V1Names>> Namings)
    : FormTable<V1Names>(Ecosystem, Family, Namings)
{
    private const int SlimSmallest = 8;

    private static readonly Family _slim = Family.TensorFlow with { Relu = Activation.Relu6 };

    /// <summary>Every form of <c>mobilenet_v1</c>, the first of which is the usual one.</summary>
    public static ImmutableArray<V1Form> All { get; } =
    [
        new(Architectures.Ecosystem.PyTorch, Family.Torch, []),
        new(
            Architectures.Ecosystem.Timm,
            Family.Torch with
            {
                Relu = Activation.Relu6,
            },
            [new(ParameterNames.Torch, V1Names.Timm)]
        )
        {
            Source = "https://github.com/huggingface/pytorch-image-models/blob/main/timm/models/efficientnet.py",
            Channels = ChannelRounding.Divisible,
        },
        new(
            Architectures.Ecosystem.Keras,
            _slim with
            {
                Padding = PaddingRule.BottomRight,
            },
            [new(ParameterNames.Keras, V1Names.Keras)]
        )
        {
            Source = "https://github.com/keras-team/keras/blob/master/keras/src/applications/mobilenet.py",
        },
        new(Architectures.Ecosystem.Slim, _slim, [new(ParameterNames.Slim, V1Names.Slim)])
        {
            Source = "https://github.com/tensorflow/models/blob/master/research/slim/nets/mobilenet_v1.py",
            Channels = (channels, width) => Math.Max(SlimSmallest, ChannelRounding.Truncated(channels, width)),
        },
        new(Architectures.Ecosystem.PaddleClas, Family.Torch, [new(ParameterNames.Paddle, V1Names.PaddleClas)])
        {
            Source =
                "https://github.com/PaddlePaddle/PaddleClas/blob/release/2.5/ppcls/arch/backbone/legendary_models/mobilenet_v1.py",
        },
    ];

    /// <summary>The form of <c>mobilenet_v1_keras</c>.</summary>
    public static V1Form KerasPort { get; } =
        new(Architectures.Ecosystem.KerasPort, Family.Keras with { Relu = Activation.Relu }, []);

    /// <summary>Channels at a width, from those at width 1.</summary>
    public Func<int, double, int> Channels { get; private init; } = ChannelRounding.Truncated;
}
