using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Graph;

namespace ILGpuMobileNet.Host;

/// <summary>Whether a network has any use for the numerics that a user states: else they would change nothing unseen.</summary>
internal static class NumericsUse
{
    /// <summary>Refuses a gate or an activation where the network has none.</summary>
    /// <param name="claim">What the network is.</param>
    /// <param name="graph">The network.</param>
    /// <param name="asked">What the user states.</param>
    /// <exception cref="ArgumentException">The network has no use for an item.</exception>
    public static void Check(WeightClaim claim, NetworkGraph graph, NumericsOptions? asked)
    {
        if (asked?.Gate is not null && !graph.Layers.Any(layer => layer is ScaleLayer))
        {
            throw new ArgumentException(
                $"{graph.Name} has no squeeze-excite, whose gate was named; leave the gate out."
            );
        }
        if (
            asked?.Relu is not null
            && Activations(claim, Activation.Relu).SequenceEqual(Activations(claim, Activation.Relu6))
        )
        {
            throw new ArgumentException(
                $"{graph.Name} has nothing that is relu or relu6 by its ecosystem; leave the activation out."
            );
        }
    }

    // A squeeze-excite has a ReLU of its own, which is not RE: only the two networks tell.
    private static IEnumerable<Activation> Activations(WeightClaim claim, Activation relu)
    {
        var family = (claim.Variant.Family ?? claim.Form.Family) with { Relu = relu };
        var graph = claim.Architecture.Build(claim.Variant with { Family = family });
        return graph.Layers.OfType<ActivationLayer>().Select(layer => layer.Activation);
    }
}
