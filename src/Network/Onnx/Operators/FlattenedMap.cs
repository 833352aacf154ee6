using System.Collections.Immutable;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Graph;

namespace ILGpuMobileNet.Network.Onnx;

/// <summary>
/// A map of several rows or columns as one axis: what a linear layer makes of it is a convolution with a kernel of the
/// map's size.
/// </summary>
/// <param name="Operation">The node that flattens it.</param>
/// <param name="Map">The map, with the axes that it had.</param>
internal sealed record FlattenedMap(OnnxOperation Operation, Feature Map) : Deferred
{
    private static readonly Axis[] _order = [Axis.Channel, Axis.Height, Axis.Width];

    /// <summary>Axes of what a linear layer makes of it.</summary>
    public static readonly ImmutableArray<Axis> ProductAxes = [Axis.Batch, Axis.Channel];

    /// <summary>Appends a linear layer on it.</summary>
    /// <param name="operation">The layer.</param>
    /// <param name="weight">Its weights <c>[O, I]</c>.</param>
    /// <param name="bias">Its bias, or null.</param>
    public Feature Append(OnnxOperation operation, Constant weight, Parameter? bias)
    {
        var shape = Map.Value.Shape;
        if (weight.Dims[1] != shape.ElementCount)
        {
            throw operation.Fault(
                $"has weights '{weight.Name}' for {weight.Dims[1]} inputs, but reads {Map.DimsText()} as one axis."
            );
        }
        var kernel = new Extent(shape.Height, shape.Width);
        var value = ConvolutionOperators.Append(operation, Map.Value, Ordered(operation, weight), kernel, bias);
        return Feature.WithAxes(value, ProductAxes);
    }

    /// <inheritdoc/>
    public override Feature? Origin => Map;

    /// <inheritdoc/>
    public override Feature Emit() =>
        throw Operation.Unsupported(
            $"makes one axis of {Map.DimsText()} for something else than a linear layer",
            "Pool to one position per channel before flattening."
        );

    /// <summary>The weights <c>[O, I]</c> with I in the order of channels, rows and columns.</summary>
    private Constant Ordered(OnnxOperation operation, Constant weight)
    {
        Axis[] axes = [.. Map.Axes.Where(axis => _order.Contains(axis))];
        Axis[] wanted = [.. _order.Where(axis => axes.Contains(axis))];
        if (axes.SequenceEqual(wanted))
        {
            return weight;
        }
        var sizes = Map.Dims().Where((_, place) => axes.Contains(Map.Axes[place])).Select(size => (int)size);
        var unfolded = weight with { Dims = [weight.Dims[0], .. sizes] };
        int[] order = [0, .. wanted.Select(axis => 1 + Array.IndexOf(axes, axis))];
        return ConstantTransposition.Apply(operation, unfolded, order);
    }
}
