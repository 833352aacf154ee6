using System.Collections.Immutable;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Graph;

namespace ILGpuMobileNet.Host;

/// <summary>A convolution or linear layer of a graph, where its place and kind are compared with another graph's.</summary>
/// <param name="Name">Its name in the graph.</param>
/// <param name="Input">What it reads.</param>
/// <param name="Kind">What it computes.</param>
/// <param name="Layer">The layer.</param>
internal sealed record TrainedLayer(string Name, FeatureShape Input, LayerKind Kind, Layer Layer)
{
    /// <summary>The layers that a graph's first output needs, in the graph's order.</summary>
    /// <param name="graph">The graph.</param>
    public static ImmutableArray<TrainedLayer> Of(NetworkGraph graph)
    {
        var isNeeded = NeededIn(graph);
        return
        [
            .. graph
                .Layers.Where((_, index) => isNeeded[index + 1])
                .Select(layer => Of(layer, graph.ShapeOf(layer.Inputs.FirstOrDefault())))
                .OfType<TrainedLayer>()
                .Where(layer => !layer.Kind.IsScaling),
        ];
    }

    /// <summary>What a layer is and its name, for errors.</summary>
    /// <param name="layer">The layer.</param>
    public static string PlaceOf(Layer layer) =>
        $"{(layer is ConvolutionLayer ? "convolution" : "layer")} '{layer.Name}'";

    /// <summary>How many layers two sequences have in common, from the first on, by their kinds.</summary>
    /// <param name="own">One.</param>
    /// <param name="found">The other.</param>
    public static int Agreeing(ImmutableArray<TrainedLayer> own, ImmutableArray<TrainedLayer> found) =>
        own.Zip(found).TakeWhile(pair => pair.First.Kind == pair.Second.Kind).Count();

    /// <summary>The window of a convolution.</summary>
    public Window? Window => Layer is ConvolutionLayer { Geometry.Window: var window } ? window : null;

    /// <summary>What it is and its name, for errors.</summary>
    public string Place => PlaceOf(Layer);

    /// <summary>By whose rule it is padded, for errors.</summary>
    public string PaddingWay
    {
        get
        {
            var window = Window!.Value;
            var input = new Extent(Input.Height, Input.Width);
            return window.Padding == Padding.Symmetric(window.Kernel, window.Dilation) ? "symmetrically"
                : window.Padding == Padding.Same(input, window.Kernel, window.Stride) ? "as TensorFlow does"
                : window.Padding == default ? "with nothing"
                : "in a way of its own";
        }
    }

    /// <summary>How it is padded, for errors.</summary>
    public string PaddingWords
    {
        get
        {
            var (top, left, bottom, right) = Window!.Value.Padding;
            return $"pads {PaddingWay}, by {top} above, {left} left, {bottom} below and {right} right";
        }
    }

    /// <summary>Whether its windows see the same pixels as those of another convolution of the same kind.</summary>
    /// <param name="other">The other one.</param>
    /// <param name="isSymmetric">Whether this one pads alike on all sides, whatever the size.</param>
    public bool IsPaddedAs(TrainedLayer other, bool isSymmetric)
    {
        var (own, found) = (Window!.Value, other.Window!.Value);
        return IsAlike(
                isSymmetric ? 1 : own.Stride.Height,
                (Input.Height, own.Padding.Top, Layer.Output.Height),
                (other.Input.Height, found.Padding.Top, other.Layer.Output.Height)
            )
            && IsAlike(
                isSymmetric ? 1 : own.Stride.Width,
                (Input.Width, own.Padding.Left, Layer.Output.Width),
                (other.Input.Width, found.Padding.Left, other.Layer.Output.Width)
            );
    }

    // Zeros before the image decide which pixels a window sees; of those after it the last ones may see nothing. Under
    // a stride TensorFlow's padding of odd sizes is symmetric, and exports may pad them explicitly as even ones.
    private static bool IsAlike(
        int stride,
        (int Size, int Before, int Outputs) own,
        (int Size, int Before, int Outputs) found
    )
    {
        var isAsEven =
            stride > 1
            && int.IsOddInteger(own.Size)
            && found.Before == own.Before - 1
            && found.Outputs >= own.Outputs - 1
            && found.Outputs <= own.Outputs;
        return own.Size != found.Size || isAsEven || own == found;
    }

    private static TrainedLayer? Of(Layer layer, FeatureShape input) =>
        LayerKind.Of(layer, input) is { } kind ? new(layer.Name, input, kind, layer) : null;

    /// <summary>What a graph's first output needs: further outputs may have layers of their own.</summary>
    /// <param name="graph">The graph.</param>
    /// <returns>For each value whether it is needed, by its id.</returns>
    public static bool[] NeededIn(NetworkGraph graph)
    {
        var isNeeded = new bool[graph.Layers.Length + 1];
        isNeeded[graph.OutputId] = true;
        for (var id = graph.Layers.Length; id > 0; id--)
        {
            foreach (var input in isNeeded[id] ? graph.Layers[id - 1].Inputs : [])
            {
                isNeeded[input] = true;
            }
        }
        return isNeeded;
    }
}

/// <summary>What a convolution computes; a linear layer is one of 1x1, as some exports write it.</summary>
/// <param name="Kernel">Rows and columns of the window.</param>
/// <param name="Stride">Steps of the window.</param>
/// <param name="Groups">Groups of channels.</param>
/// <param name="Inputs">Channels read.</param>
/// <param name="Outputs">Channels produced.</param>
internal readonly record struct LayerKind(Extent Kernel, Extent Stride, int Groups, int Inputs, int Outputs)
{
    /// <summary>The kind of a layer; null where it is no convolution and not linear.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="input">What it reads.</param>
    public static LayerKind? Of(Layer layer, FeatureShape input) =>
        layer switch
        {
            ConvolutionLayer { Geometry: var geometry } => new(
                geometry.Window.Kernel,
                geometry.Window.Stride,
                geometry.Groups,
                geometry.InputChannels,
                layer.Output.Channels
            ),
            LinearLayer => new(Extent.Square(1), Extent.Square(1), 1, input.Channels, layer.Output.Channels),
            _ => null,
        };

    /// <summary>Whether it only multiplies each channel, as a normalisation does that was not folded.</summary>
    public bool IsScaling => IsDepthwise && Kernel == Extent.Square(1) && Stride == Extent.Square(1);

    private bool IsDepthwise => Groups > 1 && Groups == Inputs && Groups == Outputs;

    /// <summary>The kind in words: <c>3x3 depthwise, stride 2x2, 32 to 32 channels</c>.</summary>
    public override string ToString()
    {
        var grouping =
            IsDepthwise ? " depthwise"
            : Groups > 1 ? $" in {Groups} groups"
            : "";
        return $"{Kernel}{grouping}, stride {Stride}, {Inputs} to {Outputs} channels";
    }
}
