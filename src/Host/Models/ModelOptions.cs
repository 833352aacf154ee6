using ILGpuMobileNet.Host.Images;
using ILGpuMobileNet.Kernels;

namespace ILGpuMobileNet.Host;

/// <summary>Which network, in which variant, with which weights.</summary>
public record ModelOptions
{
    /// <summary>Name of the trained model that is used when none is named: PaddleOCR's text-direction classifier.</summary>
    public const string DefaultModel = PretrainedModel.TextDirectionName;

    /// <summary>An architecture's name, an <c>.onnx</c> file, or <c>text-direction</c>.</summary>
    public string Model { get; init; } = DefaultModel;

    /// <summary>Safetensors file with the weights of an architecture; an ONNX file has its own.</summary>
    public string? Weights { get; init; }

    /// <summary>Seed of random weights for an architecture without a weight file; null means that a file is required.</summary>
    public ulong? RandomSeed { get; init; }

    /// <summary>Width multiplier of an architecture; null means its default.</summary>
    public double? Width { get; init; }

    /// <summary>Input height and width; null means the architecture's or the file's own.</summary>
    public Extent? Resolution { get; init; }

    /// <summary>Number of classes of an architecture; null means its default.</summary>
    public int? Classes { get; init; }

    /// <summary>Whether the last stage has half the channels (MobileNetV3).</summary>
    public bool ReducedTail { get; init; }

    /// <summary>
    /// How images become inputs; null means what the network is known to be trained with, and for an ONNX file other
    /// than the trained model <see cref="Preprocessing.ImageNet"/>.
    /// </summary>
    public Preprocessing? Preprocessing { get; init; }
}
