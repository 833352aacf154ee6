using System.Collections.Immutable;
using ILGpuMobileNet.Host.Images;

namespace ILGpuMobileNet.Host;

/// <summary>torchvision's weights. Their presets: bilinear, antialiased, 256 (weights V1) or 232 (V2) for a crop of 224.</summary>
internal static class TorchvisionContracts
{
    private const string V2 = "https://github.com/pytorch/vision/blob/main/torchvision/models/mobilenetv2.py";
    private const string V3 = "https://github.com/pytorch/vision/blob/main/torchvision/models/mobilenetv3.py";

    /// <summary>The first of an architecture is assumed where nothing tells which weights a file has.</summary>
    public static ImmutableArray<WeightContract> All { get; } =
    [
        // Architecture, weights, shorter side, file, source
        Row("mobilenet_v2", "IMAGENET1K_V1", 256, "mobilenet_v2-b0353104.pth", V2),
        Row("mobilenet_v2", "IMAGENET1K_V2", 232, "mobilenet_v2-7ebf99e0.pth", V2),
        Row("mobilenet_v3_large", "IMAGENET1K_V1", 256, "mobilenet_v3_large-8738ca79.pth", V3),
        Row("mobilenet_v3_large", "IMAGENET1K_V2", 232, "mobilenet_v3_large-5c1a4163.pth", V3),
        Row("mobilenet_v3_small", "IMAGENET1K_V1", 256, "mobilenet_v3_small-047dcff4.pth", V3),
    ];

    private static WeightContract Row(string name, string tag, double shorterSide, string file, string source) =>
        new(name, "torchvision", $"{name}.{tag}")
        {
            Width = 1,
            Preprocessing = Preprocessing.ImageNet with { ShorterSideRatio = shorterSide / 224 },
            Files = [KnownFile.Torch(file)],
            Source = source,
        };
}
