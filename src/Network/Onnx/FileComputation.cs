using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Graph;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Network.Onnx;

/// <summary>
/// What the operators beside the weights of a file compute, and which elements they do that with. The file must stay open.
/// </summary>
internal sealed class FileComputation
{
    private readonly WeightFile _file;
    private readonly Lock _turn;
    private readonly OnnxWeights _weights;
    private readonly Func<string, OnnxTensor?> _tensorOf;

    private FileComputation(WeightFile file, Lock turn, OnnxWeights weights, Func<string, OnnxTensor?> tensorOf) =>
        (_file, _turn, _weights, _tensorOf) = (file, turn, weights, tensorOf);

    /// <summary>The layers; null where none can be read.</summary>
    public NetworkGraph? Graph { get; private init; }

    /// <summary>Why none can be read; null where some can.</summary>
    public string? Fault { get; private init; }

    /// <summary>Operators that cannot be read, for notes; null where there is none.</summary>
    public string? Unread { get; private init; }

    /// <summary>Layers before the first operator that is left out, with all that reads it; null where none is.</summary>
    public int? LayersBeforeGap { get; private init; }

    /// <summary>Reads the operators of a file, as far as they can be.</summary>
    /// <param name="file">The file.</param>
    /// <param name="turn">Held while elements are read.</param>
    /// <param name="importer">What reads them.</param>
    /// <param name="open">Rows and columns of the input where the file leaves them open.</param>
    /// <param name="tensorOf">The encoded tensor of a name; null where elements are to be compared.</param>
    public static FileComputation Read(
        WeightFile file,
        Lock turn,
        OnnxImporter importer,
        Extent open,
        Func<string, OnnxTensor?> tensorOf
    )
    {
        lock (turn)
        {
            try
            {
                var (graph, unread) = importer.ImportReadable(open);
                return new(file, turn, importer.Weights, tensorOf)
                {
                    Graph = graph,
                    Unread = unread.Words,
                    LayersBeforeGap = unread.LayersBeforeGap,
                };
            }
            catch (ModelFormatException fault)
            {
                return new(file, turn, importer.Weights, tensorOf) { Fault = fault.Message };
            }
        }
    }

    /// <summary>Whether a layer uses what a network takes; a bias that one of them has not is 0.</summary>
    /// <param name="used">The parameter of the layer; null where it has none.</param>
    /// <param name="bound">The network's parameter with its tensor; null where it has none.</param>
    /// <param name="cancellationToken">Ends the reading early.</param>
    public bool Uses(Parameter? used, ParameterMatch? bound, CancellationToken cancellationToken) =>
        (used, bound) switch
        {
            ({ } parameter, { } match) => IsSame(_weights.ElementsOf(parameter), match, cancellationToken),
            ({ } parameter, null) => IsZero(ValuesOf(parameter).Span),
            (null, { Tensor: var tensor }) => IsZero(_file.Read(tensor!.Name, cancellationToken).Data.Span),
            (null, null) => true,
        };

    /// <summary>The elements of a weight of a layer.</summary>
    /// <param name="parameter">The weight.</param>
    public ReadOnlyMemory<float> ValuesOf(Parameter parameter) => ValuesOf(_weights.ElementsOf(parameter));

    private bool IsSame(WeightElements used, ParameterMatch bound, CancellationToken cancellationToken)
    {
        var (parameter, tensor) = (bound.Parameter, bound.Tensor!);
        var isStored = used.Tensor is { } stored && ReferenceEquals(stored, _tensorOf(tensor.Name));
        if (isStored && AxisOrder.IsKept(parameter, tensor.Shape.Length))
        {
            return true;
        }
        var own = AxisOrder.ToGraph(_file.Read(tensor.Name, cancellationToken), parameter).Data;
        return own.Span.SequenceEqual(ValuesOf(used).Span);
    }

    private static bool IsZero(ReadOnlySpan<float> elements) => !elements.ContainsAnyExcept(0f);

    private ReadOnlyMemory<float> ValuesOf(WeightElements used)
    {
        lock (_turn)
        {
            return used.Values;
        }
    }
}
