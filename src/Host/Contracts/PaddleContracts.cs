using System.Collections.Immutable;
using ILGpuMobileNet.Host.Images;

namespace ILGpuMobileNet.Host;

/// <summary>The weights of PaddleClas and PaddleOCR. Both resize with OpenCV, which does not antialias.</summary>
internal static class PaddleContracts
{
    private const string Clas = "https://github.com/PaddlePaddle/PaddleClas/blob/develop/ppcls/configs/ImageNet/";
    private const string Ocr = "https://github.com/PaddlePaddle/PaddleOCR/blob/main/";

    // ResizeImage(resize_short: 256), CropImage(224), NormalizeImage
    private static readonly Preprocessing _clas = Preprocessing.ImageNet with
    {
        Rounding = ResizeRounding.Paddle,
        Antialias = false,
    };

    /// <summary>One for all widths of an architecture: their configurations do not differ.</summary>
    public static ImmutableArray<WeightContract> All { get; } =
    [
        ClasRow("mobilenet_v1", "MobileNetV1", "MobileNetV1/MobileNetV1.yaml"),
        ClasRow("mobilenet_v2", "MobileNetV2", "MobileNetV2/MobileNetV2.yaml"),
        ClasRow("mobilenet_v3_small", "MobileNetV3_small_x1_0", "MobileNetV3/MobileNetV3_small_x1_0.yaml"),
        ClasRow("mobilenet_v3_large", "MobileNetV3_large_x1_0", "MobileNetV3/MobileNetV3_large_x1_0.yaml"),
        new("mobilenet_v3_small_x0_35", "paddleocr", "ch_ppocr_mobile_v2.0_cls")
        {
            Width = 0.35,
            Resolution = new(48, 192),
            Preprocessing = Preprocessing.PaddleTextDirection,
            Labels = LabelSet.TextDirection,
            Files = [PretrainedModel.TextDirection],
            Source = Ocr + "configs/cls/cls_mv3.yml",
        },
        // The same resize as the classifier's: the height becomes the input's, the right side is padded.
        new("mobilenet_v1_enhance", "paddleocr", "ch_PP-OCRv2_rec")
        {
            Width = 0.5,
            Resolution = new(32, 320),
            Preprocessing = Preprocessing.PaddleTextDirection,
            Labels = LabelSet.None,
            Source = Ocr + "configs/rec/PP-OCRv2/ch_PP-OCRv2_rec.yml",
        },
    ];

    private static WeightContract ClasRow(string architecture, string model, string configuration) =>
        new(architecture, "paddleclas", $"{model}.pretrained") { Preprocessing = _clas, Source = Clas + configuration };
}
