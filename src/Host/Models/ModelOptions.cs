using ILGpuMobileNet.Host.Images;
using ILGpuMobileNet.Kernels;

namespace ILGpuMobileNet.Host;

/// <summary>Which network, in which variant, with which weights.</summary>
public record ModelOptions
{
    /// <summary>Name of the trained model that is used when none is named: PaddleOCR's text-direction classifier.</summary>
    public const string DefaultModel = PretrainedModel.TextDirectionName;

    /// <summary>
    /// An architecture's name, <c>text-direction</c>, or a file: a graph (ONNX), or weights that identify themselves.
    /// Left out where <see cref="Weights"/> identify themselves.
    /// </summary>
    public string Model { get; init; } = DefaultModel;

    /// <summary>File with the weights of an architecture, in any format and any ecosystem's names; a graph has its own.</summary>
    public string? Weights { get; init; }

    /// <summary>Ecosystem whose form the network has: <c>keras</c>, <c>timm-tf</c>; null leaves it to the weights.</summary>
    public string? Ecosystem { get; init; }

    /// <summary>
    /// Name of the contract that the weights have (<see cref="ContractCatalog"/>); null leaves it to the weights.
    /// </summary>
    public string? Contract { get; init; }

    /// <summary>The network's arithmetic, where it is to be checked or forced; null leaves it to the weights.</summary>
    public NumericsOptions? Numerics { get; init; }

    /// <summary>Seed of random weights for an architecture without a weight file; null means that a file is required.</summary>
    public ulong? RandomSeed { get; init; }

    /// <summary>Width multiplier of an architecture; null means the weights' or its default.</summary>
    public double? Width { get; init; }

    /// <summary>
    /// Seed of a new classifier over weights from a file, for <see cref="Classes"/> classes: everything else is as
    /// trained. The file may lack a classifier, or have one of another structure. Null means that its own is used, whose
    /// number of classes must fit.
    /// </summary>
    public ulong? NewHeadSeed { get; init; }

    /// <summary>Input height and width; null means the architecture's or the file's own.</summary>
    public Extent? Resolution { get; init; }

    /// <summary>Number of classes of an architecture; null means the weights' or its default.</summary>
    public int? Classes { get; init; }

    /// <summary>Whether the last stage has half the channels (MobileNetV3).</summary>
    public bool ReducedTail { get; init; }

    /// <summary>
    /// How images become inputs; null means what the network is known to be trained with, and for an ONNX file other
    /// than the trained model <see cref="Preprocessing.ImageNet"/>.
    /// </summary>
    public Preprocessing? Preprocessing { get; init; }

    /// <summary>Items of the preprocessing that are to differ from all that; null for none.</summary>
    public PreprocessingChanges? PreprocessingChanges { get; init; }

    /// <summary>How images become inputs in the end.</summary>
    /// <param name="usual">How they do where the user says nothing.</param>
    /// <param name="input">Rows and columns of the network's input.</param>
    /// <exception cref="ArgumentException">What the user says makes no sense.</exception>
    internal Preprocessing PreparationOf(Preprocessing usual, Extent input)
    {
        var own = Preprocessing ?? usual;
        var preprocessing = PreprocessingChanges?.ApplyTo(own, input) ?? own;
        preprocessing.Check();
        return preprocessing;
    }

    /// <summary>Whether the user says how the values of pictures are scaled.</summary>
    internal bool SaysNormalisation =>
        Preprocessing is not null || PreprocessingChanges is { Mean: not null } or { Std: not null };

    /// <summary>Whether the network is wanted as far as its trunk goes only, which a file may have without a known head.</summary>
    internal bool ForFeatures { get; init; }

    /// <summary>Whether a file of weights may lack the head of the network.</summary>
    internal bool MayLackHead => ForFeatures || NewHeadSeed is not null;
}
