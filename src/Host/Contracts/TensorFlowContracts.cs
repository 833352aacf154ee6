using System.Collections.Immutable;
using ILGpuMobileNet.Host.Images;

namespace ILGpuMobileNet.Host;

/// <summary>The weights of Keras Applications and TF-slim: inputs from -1 to 1, a central crop of 87.5%.</summary>
/// <remarks>
/// Keras says how values are scaled (<c>preprocess_input</c>; V3 has it inside the model, as a layer without weights, and
/// so takes 0 to 255 there) but not how a picture gets its size: <c>load_img</c> stretches to the nearest pixels, which
/// is what the examples do and not what the weights were trained and measured with. The crop here keeps the aspect;
/// stretching to nearest pixels can be asked for, for equality with <c>load_img</c>.
/// </remarks>
internal static class TensorFlowContracts
{
    private const string Keras = "https://github.com/keras-team/keras/blob/master/keras/src/applications/";
    private const string Slim = "https://github.com/tensorflow/models/blob/master/research/slim/";

    private static readonly Preprocessing _slim = Preprocessing.KerasTf with
    {
        Resize = ResizeRule.CentralCrop,
        ShorterSideRatio = 1 / 0.875,
        Antialias = false,
    };

    /// <summary>One for all widths of an architecture: they differ in nothing but the input's size.</summary>
    public static ImmutableArray<WeightContract> All { get; } =
    [
        KerasRow("mobilenet_v1", "MobileNet", "mobilenet.py"),
        KerasRow("mobilenet_v2", "MobileNetV2", "mobilenet_v2.py"),
        KerasRow("mobilenet_v3_small", "MobileNetV3Small", "mobilenet_v3.py"),
        KerasRow("mobilenet_v3_large", "MobileNetV3Large", "mobilenet_v3.py"),
        KerasRow("mobilenet_v3_small_minimalistic", "MobileNetV3SmallMinimalistic", "mobilenet_v3.py"),
        KerasRow("mobilenet_v3_large_minimalistic", "MobileNetV3LargeMinimalistic", "mobilenet_v3.py"),
        SlimRow("mobilenet_v1", "mobilenet_v1_1.0_224", "nets/mobilenet_v1.md"),
        SlimRow("mobilenet_v2", "mobilenet_v2_1.0_224", "nets/mobilenet/README.md"),
        SlimRow("mobilenet_v3_small", "v3-small_224_1.0_float", "nets/mobilenet/README.md"),
        SlimRow("mobilenet_v3_large", "v3-large_224_1.0_float", "nets/mobilenet/README.md"),
        SlimRow("mobilenet_v3_small_minimalistic", "v3-small-minimalistic_224_1.0_float", "nets/mobilenet/README.md"),
        SlimRow("mobilenet_v3_large_minimalistic", "v3-large-minimalistic_224_1.0_float", "nets/mobilenet/README.md"),
    ];

    private static WeightContract KerasRow(string architecture, string model, string file) =>
        new(architecture, "keras", $"{model}.imagenet")
        {
            Preprocessing = Preprocessing.KerasTf,
            Source = Keras + file,
        };

    // How: preprocessing/inception_preprocessing.py, preprocess_for_eval.
    private static WeightContract SlimRow(string architecture, string weights, string file) =>
        new(architecture, "tf-slim", weights)
        {
            Preprocessing = _slim,
            Labels = LabelSet.ImageNetWithBackground,
            Source = Slim + file,
        };
}
