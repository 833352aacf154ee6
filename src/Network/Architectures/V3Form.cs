using System.Collections.Immutable;

namespace ILGpuMobileNet.Network.Architectures;

/// <summary>What an ecosystem makes of MobileNetV3's tables; its names may depend on the rows of a table.</summary>
/// <param name="Ecosystem">Its name.</param>
/// <param name="Family">Numerics.</param>
/// <param name="Namings">Names in files.</param>
internal sealed record V3Form(
    string Ecosystem,
    Family Family,
    ImmutableArray<LayerNaming<Func<ImmutableArray<V3Row>, V3Names>>> Namings
) : FormTable<Func<ImmutableArray<V3Row>, V3Names>>(Ecosystem, Family, Namings)
{
    private const string TimmSource =
        "https://github.com/huggingface/pytorch-image-models/blob/main/timm/models/mobilenetv3.py";

    private static readonly LayerNaming<Func<ImmutableArray<V3Row>, V3Names>> _timm = new(
        ParameterNames.Torch,
        V3Names.Timm
    );

    private static readonly V3Form _timmTensorFlow = new(
        Architectures.Ecosystem.TimmTensorFlow,
        Family.TensorFlow,
        [_timm]
    )
    {
        Source = TimmSource,
        Channels = V3Channels.Timm,
    };

    private static readonly V3Form _keras = new(
        Architectures.Ecosystem.Keras,
        Family.TensorFlow,
        [new(ParameterNames.Keras, _ => V3Names.Scoped("", "Logits")), new(ParameterNames.Keras, _ => V3Names.Keras3)]
    )
    {
        Source = "https://github.com/keras-team/keras/blob/master/keras/src/applications/mobilenet_v3.py",
        Channels = V3Channels.Keras,
    };

    // Its gate is relu6(x + 3) times 0.16667, which is a sixth but for 2e-5 of it.
    private static readonly V3Form _slim = new(
        Architectures.Ecosystem.Slim,
        Family.TensorFlow,
        [new(ParameterNames.Slim, _ => V3Names.Scoped("MobilenetV3/", "Logits/Conv2d_1c_1x1"))]
    )
    {
        Source = "https://github.com/tensorflow/models/blob/master/research/slim/nets/mobilenet/mobilenet_v3.py",
        Channels = V3Channels.Slim,
    };

    /// <summary>Every form, the first of which is the usual one.</summary>
    public static ImmutableArray<V3Form> All { get; } =
    [
        new(Architectures.Ecosystem.Torchvision, Family.TorchvisionV3, [])
        {
            Channels = V3Channels.Torchvision,
            Source = "https://github.com/pytorch/vision/blob/main/torchvision/models/mobilenetv3.py",
            HasReducedTail = true,
        },
        new(Architectures.Ecosystem.Timm, Family.Torch, [_timm]) { Source = TimmSource, Channels = V3Channels.Timm },
        _timmTensorFlow,
        _keras,
        _slim,
        new(
            Architectures.Ecosystem.PaddleClas,
            Family.PaddleClas,
            [new(ParameterNames.Paddle, _ => V3Names.PaddleClas)]
        )
        {
            Source =
                "https://github.com/PaddlePaddle/PaddleClas/blob/release/2.5/ppcls/arch/backbone/legendary_models/mobilenet_v3.py",
            Channels = V3Channels.PaddleClas,
            HiddenUnits = 1280,
            HasHiddenBias = false,
            // Its dropout of 0.2 is of the mode downscale_in_infer, which multiplies at inference, not in training.
            ClassifierScale = 0.8,
            Squeezed = ChannelRounding.Quarter,
        },
    ];

    /// <summary>Those that have the minimalistic variants, which TensorFlow's authors trained.</summary>
    public static ImmutableArray<V3Form> Minimalistic { get; } = [_keras, _timmTensorFlow, _slim];

    /// <summary>What the width multiplier does.</summary>
    public required V3Channels Channels { get; init; }

    /// <summary>Units of the hidden layer at width 1 where they are not the paper's.</summary>
    public int? HiddenUnits { get; private init; }

    /// <summary>Whether the hidden layer has a bias.</summary>
    public bool HasHiddenBias { get; private init; } = true;

    /// <summary>Channels in the middle of a squeeze-excite, from the expanded ones.</summary>
    public Func<int, int> Squeezed { get; private init; } = expanded => ChannelRounding.Divisible(expanded / 4);
}
