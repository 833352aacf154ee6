using System.Collections.Immutable;
using System.Globalization;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Architectures;
using ILGpuMobileNet.Network.Graph;

namespace ILGpuMobileNet.Host;

/// <summary>The network that a contract is of, held against the graph of a file that is said to have the contract.</summary>
internal sealed class ContractNetwork
{
    private const string Remedy =
        "Name the contract of the file's network, or leave the contract out and say how pictures are prepared: "
        + "--preprocessing, --mean, --std (in the library Preprocessing and PreprocessingChanges).";

    private readonly WeightContract _contract;
    private readonly double _width;
    private readonly ImmutableArray<TrainedLayer> _own;
    private readonly ImmutableArray<TrainedLayer> _found;

    private ContractNetwork(
        WeightContract contract,
        double width,
        Extent resolution,
        ImmutableArray<TrainedLayer> found
    )
    {
        (_contract, _width, _found) = (contract, width, found);
        var options = new ArchitectureOptions
        {
            Width = width,
            Classes = contract.Classes,
            Resolution = resolution,
            Form = contract.Ecosystem,
        };
        _own = TrainedLayer.Of(ArchitectureCatalog.Get(contract.Architecture).Build(options));
        Agreeing = _own.Zip(found).TakeWhile(pair => pair.First.Kind == pair.Second.Kind).Count();
    }

    // Layers that agree, from the first on.
    private int Agreeing { get; }

    private bool IsAlike => Agreeing == _own.Length && Agreeing == _found.Length;

    /// <summary>Refuses a contract of another network than a file has, or of one that pads otherwise.</summary>
    /// <param name="contract">The contract that the user names.</param>
    /// <param name="graph">The file's graph, at any resolution.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="ArgumentException">It is of another one.</exception>
    public static void Check(WeightContract contract, NetworkGraph graph, string path)
    {
        var found = TrainedLayer.Of(graph);
        var resolution = new Extent(graph.Input.Height, graph.Input.Width);
        var nearest = Nearest(
            WidthsOf(contract).Select(width => new ContractNetwork(contract, width, resolution, found))
        );
        nearest.CheckLayers(path);
        nearest.CheckPadding(path);
    }

    // Where widths agree equally far, the usual one.
    private static ContractNetwork Nearest(IEnumerable<ContractNetwork> networks)
    {
        ContractNetwork? nearest = null;
        foreach (var network in networks)
        {
            nearest = network.Agreeing > (nearest?.Agreeing ?? -1) ? network : nearest;
            if (nearest is { IsAlike: true })
            {
                break;
            }
        }
        return nearest!;
    }

    private static IEnumerable<double> WidthsOf(WeightContract contract) =>
        contract.Width is { } width ? [width] : NetworkWidths.Of(ArchitectureCatalog.Get(contract.Architecture));

    private void CheckLayers(string path)
    {
        if (!IsAlike)
        {
            var (own, found) = (KindIn(_own), KindIn(_found));
            throw Refused($"whose convolution {Agreeing + 1} is {own}", $"in '{path}' it is {found}");
        }
    }

    private string KindIn(ImmutableArray<TrainedLayer> layers) =>
        Agreeing < layers.Length ? $"{layers[Agreeing].Kind} ('{layers[Agreeing].Name}')" : "missing";

    private void CheckPadding(string path)
    {
        var differing = _own.Zip(_found).FirstOrDefault(pair => !ArePaddedAlike(pair.First, pair.Second));
        if (differing is ({ } own, { } found))
        {
            throw Refused(
                $"whose convolution '{own.Name}' of stride 2 {PaddingOf(own)}",
                $"in '{path}' convolution '{found.Name}' {PaddingOf(found)}"
            );
        }
    }

    private static bool ArePaddedAlike(TrainedLayer own, TrainedLayer found)
    {
        if (
            own.Layer is not ConvolutionLayer { Geometry.Window: var window }
            || found.Layer is not ConvolutionLayer other
        )
        {
            return true;
        }
        var padding = other.Geometry.Window.Padding;
        return IsAlikeAt(window.Stride.Height, own.Input.Height, found.Input.Height, window.Padding.Top, padding.Top)
            && IsAlikeAt(window.Stride.Width, own.Input.Width, found.Input.Width, window.Padding.Left, padding.Left);
    }

    // Zeros before the image decide which pixels a window of stride 2 sees; of those after it the last ones may see
    // nothing. Over odd sizes TensorFlow's padding is symmetric, but for exports that pad explicitly as for even ones.
    private static bool IsAlikeAt(int stride, int ownSize, int foundSize, int own, int found) =>
        stride == 1 || ownSize != foundSize || int.IsOddInteger(ownSize) || own == found;

    private static string PaddingOf(TrainedLayer layer)
    {
        var window = ((ConvolutionLayer)layer.Layer).Geometry.Window;
        var (top, left, bottom, right) = window.Padding;
        var input = new Extent(layer.Input.Height, layer.Input.Width);
        var name =
            window.Padding == Padding.Symmetric(window.Kernel, window.Dilation) ? "symmetrically"
            : window.Padding == Padding.Same(input, window.Kernel, window.Stride) ? "as TensorFlow does"
            : "in a way of its own";
        return $"pads {name}, by {top} above, {left} left, {bottom} below and {right} right";
    }

    private ArgumentException Refused(string own, string found) =>
        new(
            string.Create(
                CultureInfo.InvariantCulture,
                $"The contract {_contract} is of {_contract.Architecture} in the form of {_contract.Ecosystem}, width {_width:0.###}, {own}, but {found}. {Remedy}"
            )
        );
}
