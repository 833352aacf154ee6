using System.Collections.Immutable;
using ILGpuMobileNet.Host.Images;
using ILGpuMobileNet.Kernels;

namespace ILGpuMobileNet.Host;

/// <summary>timm's weights, after the default_cfgs of its models; the tf_ variants were converted from TensorFlow.</summary>
internal static class TimmContracts
{
    private const string V1 =
        "https://github.com/huggingface/pytorch-image-models/blob/main/timm/models/efficientnet.py";
    private const string V3 =
        "https://github.com/huggingface/pytorch-image-models/blob/main/timm/models/mobilenetv3.py";

    private static readonly Preprocessing _bicubic = Preprocessing.ImageNet with
    {
        ShorterSideRatio = 1 / 0.875,
        Rounding = ResizeRounding.Timm,
        Interpolation = Interpolation.Bicubic,
    };

    // IMAGENET_INCEPTION_MEAN and _STD
    private static readonly Preprocessing _inception = Bilinear(0.5f, 0.5f);

    // The weights fine-tuned from ImageNet-21k see 0 to 1.
    private static readonly Preprocessing _unscaled = Bilinear(0, 1);

    /// <summary>The first of an architecture and width is assumed where nothing tells which weights a file has.</summary>
    public static ImmutableArray<WeightContract> All { get; } =
    [
        // Architecture, width, weights, preprocessing, file
        Row(
            "mobilenet_v3_large",
            1,
            "mobilenetv3_large_100.ra_in1k",
            _bicubic,
            "mobilenetv3_large_100_ra-f55367f5.pth"
        ),
        Row(
            "mobilenet_v3_large",
            1,
            "mobilenetv3_large_100.miil_in21k_ft_in1k",
            _unscaled,
            "mobilenetv3_large_100_1k_miil_78_0-66471c13.pth"
        ),
        Row(
            "mobilenet_v3_large",
            1,
            "mobilenetv3_large_100.ra4_e3600_r224_in1k",
            _inception with
            {
                Interpolation = Interpolation.Bicubic,
                ShorterSideRatio = 1 / 0.95,
            },
            null
        ),
        Row(
            "mobilenet_v3_small",
            1,
            "mobilenetv3_small_100.lamb_in1k",
            _bicubic,
            "mobilenetv3_small_100_lamb-266a294c.pth"
        ),
        Row(
            "mobilenet_v3_small",
            0.75,
            "mobilenetv3_small_075.lamb_in1k",
            _bicubic,
            "mobilenetv3_small_075_lambc-384766db.pth"
        ),
        Row(
            "mobilenet_v3_small",
            0.5,
            "mobilenetv3_small_050.lamb_in1k",
            _bicubic,
            "mobilenetv3_small_050_lambc-4b7bbe87.pth"
        ),
        Row("mobilenet_v2", 1, "mobilenetv2_100.ra_in1k", _bicubic, "mobilenetv2_100_ra-b33bc2c4.pth"),
        Row("mobilenet_v2", 1.4, "mobilenetv2_140.ra_in1k", _bicubic, "mobilenetv2_140_ra-21a4e913.pth"),
        Row("mobilenet_v2", 0.5, "mobilenetv2_050.lamb_in1k", _bicubic, "mobilenetv2_050-3d30d450.pth"),
        Row(
            "mobilenet_v1",
            1,
            "mobilenetv1_100.ra4_e3600_r224_in1k",
            _inception with
            {
                Interpolation = Interpolation.Bicubic,
            },
            null
        ),
        Converted("mobilenet_v3_large", 1, "tf_mobilenetv3_large_100.in1k", "tf_mobilenetv3_large_100-427764d5.pth"),
        Converted("mobilenet_v3_large", 0.75, "tf_mobilenetv3_large_075.in1k", "tf_mobilenetv3_large_075-150ee8b0.pth"),
        Converted("mobilenet_v3_small", 1, "tf_mobilenetv3_small_100.in1k", "tf_mobilenetv3_small_100-37f49e2b.pth"),
        Converted("mobilenet_v3_small", 0.75, "tf_mobilenetv3_small_075.in1k", "tf_mobilenetv3_small_075-da427f52.pth"),
        Converted(
            "mobilenet_v3_large_minimalistic",
            1,
            "tf_mobilenetv3_large_minimal_100.in1k",
            "tf_mobilenetv3_large_minimal_100-8596ae28.pth"
        ),
        Converted(
            "mobilenet_v3_small_minimalistic",
            1,
            "tf_mobilenetv3_small_minimal_100.in1k",
            "tf_mobilenetv3_small_minimal_100-922a7843.pth"
        ),
    ];

    private static Preprocessing Bilinear(float mean, float std) =>
        _bicubic with
        {
            Interpolation = Interpolation.Bilinear,
            Mean = ColourValues.Same(mean),
            Std = ColourValues.Same(std),
        };

    private static WeightContract Converted(string architecture, double width, string weights, string file) =>
        Row(architecture, width, weights, _inception, file) with
        {
            Ecosystem = "timm-tf",
        };

    private static WeightContract Row(
        string architecture,
        double width,
        string weights,
        Preprocessing preprocessing,
        string? file
    ) =>
        new(architecture, "timm", weights)
        {
            Width = width,
            Preprocessing = preprocessing,
            Files = file is null ? [] : [KnownFile.Torch(file)],
            Source = architecture.StartsWith("mobilenet_v3", StringComparison.Ordinal) ? V3 : V1,
        };
}
