using System.Collections.Immutable;

namespace ILGpuMobileNet.Network.Architectures;

/// <summary>What an ecosystem makes of MobileNetV2's table.</summary>
/// <param name="Ecosystem">Its name.</param>
/// <param name="Family">Numerics.</param>
/// <param name="Namings">Names in files.</param>
internal sealed record V2Form(string Ecosystem, Family Family, ImmutableArray<LayerNaming<V2Names>> Namings)
    : FormTable<V2Names>(Ecosystem, Family, Namings)
{
    /// <summary>Every form, the first of which is the usual one.</summary>
    public static ImmutableArray<V2Form> All { get; } =
    [
        new(Architectures.Ecosystem.Torchvision, Family.Torch, [])
        {
            Source = "https://github.com/pytorch/vision/blob/main/torchvision/models/mobilenetv2.py",
        },
        new(Architectures.Ecosystem.Timm, Family.Torch, [new(ParameterNames.Torch, V2Names.Timm)])
        {
            Source = "https://github.com/huggingface/pytorch-image-models/blob/main/timm/models/efficientnet.py",
        },
        new(
            Architectures.Ecosystem.Keras,
            Family.TensorFlow,
            [new(ParameterNames.Keras, V2Names.Keras), new(ParameterNames.Keras, V2Names.KerasLogits)]
        )
        {
            Source = "https://github.com/keras-team/keras/blob/master/keras/src/applications/mobilenet_v2.py",
            Channels = (channels, width) => ChannelRounding.Divisible(ChannelRounding.Truncated(channels, width)),
        },
        new(Architectures.Ecosystem.Slim, Family.TensorFlow, [new(ParameterNames.Slim, V2Names.Slim)])
        {
            Source = "https://github.com/tensorflow/models/blob/master/research/slim/nets/mobilenet/mobilenet_v2.py",
        },
        new(Architectures.Ecosystem.PaddleClas, Family.PaddleClas, [new(ParameterNames.Paddle, V2Names.PaddleClas)])
        {
            Source =
                "https://github.com/PaddlePaddle/PaddleClas/blob/release/2.5/ppcls/arch/backbone/model_zoo/mobilenet_v2.py",
            Channels = ChannelRounding.Truncated,
        },
    ];

    /// <summary>Channels at a width, from those at width 1.</summary>
    public Func<int, double, int> Channels { get; private init; } = ChannelRounding.Divisible;
}
