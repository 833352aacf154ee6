using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Host.Features;

/// <summary>The features of one image, or why it has none.</summary>
/// <param name="File">Path of the image, or the name given to an image from memory.</param>
/// <param name="Features">
/// In the order in which they were asked for, axes <c>[C]</c> for an embedding and <c>[C, H, W]</c> for a map, as other
/// frameworks have them; empty when there is an error.
/// </param>
/// <param name="Error">What is wrong with the image, or null.</param>
public sealed record FeatureResult(string File, IReadOnlyList<Tensor> Features, string? Error);
