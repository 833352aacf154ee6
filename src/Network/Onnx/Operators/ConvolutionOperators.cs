using System.Collections.Immutable;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Graph;

namespace ILGpuMobileNet.Network.Onnx;

/// <summary>Convolutions, with the zeros that a Pad before them adds.</summary>
internal static class ConvolutionOperators
{
    public static Operand Convolution(OnnxOperation operation)
    {
        var (feature, zeros) = WindowReader.Padded(operation);
        var weight = operation.Weight(1);
        var channels = feature.Value.Shape.Channels;
        var groups = Groups(operation, weight, channels);
        var kernel = new Extent(weight.Dims[2], weight.Dims[3]);
        if (operation.HasAttribute("kernel_shape") && operation.Extent("kernel_shape") != kernel)
        {
            throw operation.Fault(
                $"has kernel_shape {operation.Extent("kernel_shape")}, but weights {weight.DimsText}."
            );
        }
        var window = WindowReader.Read(operation, feature, kernel, zeros);
        var outputChannels = weight.Dims[0];
        var weightName = operation.Importer.Weights.Use(weight, weight.Dims).Name;
        Feature Append(Parameter? bias)
        {
            var options = new ConvolutionOptions(groups, bias is not null, weightName, bias?.Name);
            var name = operation.LayerName();
            return Feature.Nchw(operation.Builder.Convolution(name, feature.Value, outputChannels, window, options));
        }
        return operation.HasInput(2)
            ? Append(operation.Parameter(2, [outputChannels]))
            : new BiaslessLayer(outputChannels, [Axis.Batch, Axis.Channel, Axis.Height, Axis.Width], Append);
    }

    /// <summary>Appends a matrix product as the convolution that it is.</summary>
    /// <param name="operation">The node.</param>
    /// <param name="input">What it reads.</param>
    /// <param name="weight">Weights, the first axis being the outputs, the others together channels, rows and columns.</param>
    /// <param name="kernel">Rows and columns of the input that an output reads.</param>
    /// <param name="bias">Bias, or null.</param>
    public static Value Append(OnnxOperation operation, Value input, Constant weight, Extent kernel, Parameter? bias)
    {
        var outputs = weight.Dims[0];
        var parameter = operation.Importer.Weights.Use(
            weight,
            [outputs, input.Shape.Channels, kernel.Height, kernel.Width]
        );
        var window = new Window(kernel, Extent.Square(1), Extent.Square(1), default);
        var options = new ConvolutionOptions(1, bias is not null, parameter.Name, bias?.Name);
        return operation.Builder.Convolution(operation.LayerName(), input, outputs, window, options);
    }

    public static Operand Pad(OnnxOperation operation)
    {
        if (operation.Text("mode", "constant") != "constant" || PadValue(operation) != 0)
        {
            throw operation.Unsupported("pads with something else than zeros", "Use zeros.");
        }
        var image = operation.Image(0);
        ImmutableArray<long> pads =
            operation.Importer.Opset < 11 ? operation.Integers("pads") : [.. PadInput(operation)];
        // [N, C, H, W] before, then the same after.
        if (pads is not [0, 0, >= 0 and var top, >= 0 and var left, 0, 0, >= 0 and var bottom, >= 0 and var right])
        {
            throw operation.Unsupported($"has pads [{string.Join(", ", pads)}]", "Pad rows and columns only.");
        }
        var padding = WindowReader.CheckedPadding(operation, [top, left, bottom, right]);
        return padding == default ? image : new PaddedImage(operation, image, padding);
    }

    private static float PadValue(OnnxOperation operation)
    {
        if (operation.Importer.Opset < 11)
        {
            return operation.Single("value", 0);
        }
        return operation.HasInput(2) ? operation.Weight(2).Scalar ?? float.NaN : 0;
    }

    private static long[] PadInput(OnnxOperation operation) =>
        operation.HasInput(3)
            ? throw operation.Unsupported("has axes for its pads", "Give pads for all four axes.")
            : operation.Integers(1);

    private static int Groups(OnnxOperation operation, Constant weight, int channels)
    {
        var groups = operation.Integer("group", 1);
        if (weight.Dims is not [_, var inputs, _, _] || groups < 1 || groups > channels || inputs * groups != channels)
        {
            throw operation.Fault(
                $"has weights {weight.DimsText} and {groups} groups, expected [O, {channels}/groups, kH, kW]."
            );
        }
        return (int)groups;
    }
}

/// <summary>A convolution or a matrix product without a bias, which an Add may bring.</summary>
/// <param name="Channels">Channels it produces.</param>
/// <param name="Axes">Axes of what it produces.</param>
/// <param name="WithBias">Appends the layer with a bias, or with none.</param>
internal sealed record BiaslessLayer(int Channels, ImmutableArray<Axis> Axes, Func<Parameter?, Feature> WithBias)
    : Deferred
{
    /// <inheritdoc/>
    public override Feature? Origin => null;

    /// <inheritdoc/>
    public override Feature Emit() => WithBias(null);
}

/// <summary>An image batch with zeros around it, which the convolution or average that follows takes in.</summary>
/// <param name="Operation">The Pad node.</param>
/// <param name="Image">What is padded.</param>
/// <param name="Padding">Rows and columns of zeros.</param>
internal sealed record PaddedImage(OnnxOperation Operation, Feature Image, Padding Padding) : Deferred
{
    /// <inheritdoc/>
    public override Feature? Origin => Image;

    /// <inheritdoc/>
    public override Feature Emit() =>
        throw Operation.Unsupported(
            "is followed by something else than Conv or AveragePool",
            "Pad in the layer itself."
        );
}
