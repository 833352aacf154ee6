using System.Collections.Immutable;
using ILGpuMobileNet.Kernels;

namespace ILGpuMobileNet.Network.Architectures;

/// <summary>What an ecosystem makes of MobileNetV2's table.</summary>
/// <param name="Ecosystem">Its name.</param>
/// <param name="Family">Numerics; RE is ReLU6 everywhere.</param>
/// <param name="Namings">Names in files.</param>
internal sealed record V2Form(string Ecosystem, Family Family, ImmutableArray<LayerNaming<V2Names>> Namings)
    : FormTable<V2Names>(Ecosystem, Family, Namings)
{
    private static readonly Family _torch = Family.Torch with { Relu = Activation.Relu6 };
    private static readonly Family _tensorFlow = Family.TensorFlow with { Relu = Activation.Relu6 };
    private static readonly Family _paddleClas = Family.PaddleClas with { Relu = Activation.Relu6 };

    /// <summary>Every form, the first of which is the usual one.</summary>
    public static ImmutableArray<V2Form> All { get; } =
    [
        new(Architectures.Ecosystem.Torchvision, _torch, [])
        {
            Source = "https://github.com/pytorch/vision/blob/main/torchvision/models/mobilenetv2.py",
        },
        new(Architectures.Ecosystem.Timm, _torch, [new(ParameterNames.Torch, V2Names.Timm)])
        {
            Source = "https://github.com/huggingface/pytorch-image-models/blob/main/timm/models/efficientnet.py",
        },
        new(
            Architectures.Ecosystem.Keras,
            _tensorFlow,
            [new(ParameterNames.Keras, V2Names.Keras), new(ParameterNames.Keras, V2Names.KerasLogits)]
        )
        {
            Source = "https://github.com/keras-team/keras/blob/master/keras/src/applications/mobilenet_v2.py",
            Channels = (channels, width) => ChannelRounding.Divisible(ChannelRounding.Truncated(channels, width)),
        },
        new(Architectures.Ecosystem.Slim, _tensorFlow, [new(ParameterNames.Slim, V2Names.Slim)])
        {
            Source = "https://github.com/tensorflow/models/blob/master/research/slim/nets/mobilenet/mobilenet_v2.py",
        },
        new(Architectures.Ecosystem.PaddleClas, _paddleClas, [new(ParameterNames.Paddle, V2Names.PaddleClas)])
        {
            Source =
                "https://github.com/PaddlePaddle/PaddleClas/blob/release/2.5/ppcls/arch/backbone/model_zoo/mobilenet_v2.py",
            Channels = ChannelRounding.Truncated,
        },
    ];

    /// <summary>Channels at a width, from those at width 1.</summary>
    public Func<int, double, int> Channels { get; private init; } = ChannelRounding.Divisible;
}
