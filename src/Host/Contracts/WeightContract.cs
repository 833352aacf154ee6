using System.Collections.Immutable;
using ILGpuMobileNet.Host.Images;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Architectures;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Host;

/// <summary>
/// What published weights expect of the network and of the pictures: everything that has to be as it was when they were
/// trained. The numerics (epsilon, padding, gate, activation) are those of the architecture's form for the ecosystem.
/// </summary>
/// <param name="Architecture">Name of the architecture in the catalog.</param>
/// <param name="Ecosystem">Whose form of it: <c>torchvision</c>, <c>timm</c>, <c>keras</c>, ...</param>
/// <param name="Weights">What the publisher calls the weights: <c>mobilenet_v2.IMAGENET1K_V2</c>.</param>
public sealed record WeightContract(string Architecture, string Ecosystem, string Weights)
{
    /// <summary>Ecosystem and weights: <c>torchvision/mobilenet_v2.IMAGENET1K_V2</c>.</summary>
    public string Name => $"{Ecosystem}/{Weights}";

    /// <summary>Width multiplier; null where the contract is that of every width.</summary>
    public double? Width { get; init; }

    /// <summary>The architecture in the ecosystem's form, whose family has the numerics.</summary>
    public Form Form => ArchitectureCatalog.Get(Architecture).FormOf(Ecosystem);

    /// <summary>Rows and columns of the input.</summary>
    public Extent Resolution { get; init; } = Extent.Square(224);

    /// <summary>How pictures become inputs.</summary>
    public required Preprocessing Preprocessing { get; init; }

    /// <summary>The classes.</summary>
    public LabelSet Labels { get; init; } = LabelSet.ImageNet;

    /// <summary>Number of classes; null for a network that ends in features.</summary>
    public int? Classes => Labels.Labels()?.Count;

    /// <summary>The numerics that the network computes with.</summary>
    internal NumericsOptions Numerics =>
        NumericsUse.Of(
            ArchitectureCatalog.Get(Architecture),
            Form,
            new()
            {
                Form = Ecosystem,
                Width = Width,
                Classes = Classes,
            }
        );

    /// <summary>Files by whose content the weights are recognised.</summary>
    public ImmutableArray<KnownFile> Files { get; init; } = [];

    /// <summary>Where the publisher says all this.</summary>
    public required string Source { get; init; }

    /// <summary>Whether it is that of a width.</summary>
    /// <param name="width">Width multiplier; null for any.</param>
    internal bool IsOfWidth(double? width) => Width is null || width is null || Width == width;

    /// <summary>Whether tensors may be its weights.</summary>
    /// <param name="fit">What they fit.</param>
    internal bool Agrees(WeightFit fit) =>
        Architecture == fit.Architecture.Name && Ecosystem == fit.Form.Ecosystem && IsOfWidth(fit.Width);

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
