using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Architectures;
using ILGpuMobileNet.Network.Graph;

namespace ILGpuMobileNet.Host;

/// <summary>Which numerics a network has any use for: others would change nothing unseen.</summary>
internal static class NumericsUse
{
    /// <summary>The items of its numerics that a network computes with.</summary>
    /// <param name="architecture">The architecture.</param>
    /// <param name="form">Its form.</param>
    /// <param name="variant">Its parameters, and numerics where they are other than the form's.</param>
    public static NumericsOptions Of(Architecture architecture, Form form, ArchitectureOptions variant)
    {
        var family = variant.Family ?? form.Family;
        var relu = LayersWith(Activation.Relu);
        var hasGate = relu.Any(layer => layer is ScaleLayer);
        // A squeeze-excite has a ReLU of its own, which is not RE: only the two networks tell.
        var hasRelu = !Activations(relu).SequenceEqual(Activations(LayersWith(Activation.Relu6)));
        return NumericsOptions.Of(family) with
        {
            Gate = hasGate ? family.Gate : null,
            Relu = hasRelu ? family.Relu : null,
        };

        IReadOnlyList<Layer> LayersWith(Activation activation) =>
            architecture.Build(variant with { Family = family with { Relu = activation } }).Layers;
    }

    /// <summary>Refuses a gate or an activation where the network has none.</summary>
    /// <param name="claim">What the network is.</param>
    /// <param name="graph">The network.</param>
    /// <param name="asked">What the user states.</param>
    /// <exception cref="ArgumentException">The network has no use for an item.</exception>
    public static void Check(WeightClaim claim, NetworkGraph graph, NumericsOptions? asked)
    {
        if (asked is null)
        {
            return;
        }
        var used = Of(claim.Architecture, claim.Form, claim.Variant);
        if (asked.Gate is not null && used.Gate is null)
        {
            throw new ArgumentException(
                $"{graph.Name} has no squeeze-excite, whose gate was named; leave the gate out."
            );
        }
        if (asked.Relu is not null && used.Relu is null)
        {
            throw new ArgumentException(
                $"{graph.Name} has nothing that is relu or relu6 by its ecosystem; leave the activation out."
            );
        }
    }

    private static IEnumerable<Activation> Activations(IReadOnlyList<Layer> layers) =>
        layers.OfType<ActivationLayer>().Select(layer => layer.Activation);
}
