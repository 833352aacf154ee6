using System.Collections.Immutable;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Graph;
using ILGpuMobileNet.Network.Onnx;

namespace ILGpuMobileNet.Host;

/// <summary>
/// What a value is computed as from the results of trained layers and the image. Terms of one table are the same object
/// where they are the same computation.
/// </summary>
/// <param name="Operation">
/// An <see cref="Activation"/>, the index of a trained layer, <see cref="Unread"/>, or another operation in words.
/// </param>
/// <param name="Operands">What it reads; nothing for a trained layer.</param>
/// <param name="Latest">Index of the last trained layer in it, -1 where there is none.</param>
internal sealed class Term(object Operation, ImmutableArray<Term> Operands, int Latest)
{
    /// <summary>What computes it.</summary>
    public object Operation { get; } = Operation;

    /// <summary>What it reads; of sums and products the operand of the last trained layer comes last.</summary>
    public ImmutableArray<Term> Operands { get; } = Operands;

    /// <summary>Index of the last trained layer in it.</summary>
    public int Latest { get; } = Latest;
}

/// <summary>What an operator computes that cannot be read.</summary>
/// <param name="Operator">The operator.</param>
/// <param name="IsOther">Whether it is known to be no part of a network here.</param>
internal sealed record Unread(string Operator, bool IsOther)
{
    /// <summary>The operator.</summary>
    public override string ToString() => Operator;
}

/// <summary>The terms of networks that are compared with each other.</summary>
/// <param name="isFolded">Whether the normalisations behind trained layers may be folded into them, so that they do not count.</param>
internal sealed class TermTable(bool isFolded)
{
    /// <summary>A product of a feature map and its gate.</summary>
    public const string Product = "a product with a gate";

    /// <summary>Numbers that each channel is multiplied by, and others that are added: of their own, or a part of an activation.</summary>
    public const string Factors = "constant factors";

    private const string Image = "the image";
    private const string Mean = "a mean over all positions";
    private const float SlopeTolerance = 1e-3f;

    private readonly Dictionary<string, Term> _terms = new(StringComparer.Ordinal);
    private readonly Dictionary<Term, int> _ids = [];
    private int _trainedCount;

    /// <summary>The terms of a graph's values, by their ids.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="trained">Its trained layers.</param>
    public Term[] Of(NetworkGraph graph, ImmutableArray<TrainedLayer> trained)
    {
        var indices = new Dictionary<Layer, int>(ReferenceEqualityComparer.Instance);
        foreach (var layer in trained)
        {
            indices.Add(layer.Layer, indices.Count);
        }
        _trainedCount = trained.Length;
        var terms = new Term[graph.Layers.Length + 1];
        terms[0] = Of(Image, []);
        for (var index = 0; index < graph.Layers.Length; index++)
        {
            var layer = graph.Layers[index];
            terms[index + 1] = indices.TryGetValue(layer, out var place)
                ? Of(place, [])
                : Of(layer, graph.ShapeOf(layer.Inputs[0]), [.. layer.Inputs.Select(id => terms[id])]);
        }
        return terms;
    }

    /// <summary>A term without the softmax and, where only the features count, without the mean that it ends in.</summary>
    /// <param name="term">The term.</param>
    /// <param name="withMean">Whether a mean counts.</param>
    public static Term WithoutEnd(Term term, bool withMean)
    {
        while (term.Operation is nameof(SoftmaxLayer) || (!withMean && term.Operation is Mean))
        {
            term = term.Operands[0];
        }
        return term;
    }

    private Term Of(Layer layer, FeatureShape input, ImmutableArray<Term> operands) =>
        layer switch
        {
            ActivationLayer { Activation.Kind: ActivationKind.Identity } => operands[0],
            ActivationLayer { Activation: var activation } => Of(Rounded(activation), operands),
            BatchNormLayer { Epsilon: > 0 } => Normalised("a batch normalisation", operands),
            BatchNormLayer or ConvolutionLayer when IsScaling(layer, input) => Scaled(operands),
            GlobalAveragePoolLayer => input is { Height: 1, Width: 1 } ? operands[0] : Of(Mean, operands),
            PoolLayer pool => Of(Words(pool), operands),
            AddLayer => Of("a sum", Ordered(operands)),
            ScaleLayer => Of(Product, Ordered(operands)),
            ConcatLayer => Of("joined channels", operands),
            SelectChannelsLayer => Of("a part of the channels", operands),
            SoftmaxLayer => Of(nameof(SoftmaxLayer), operands),
            UnreadLayer unread => Of(new Unread(unread.Operator, unread.IsOther), operands),
            _ => Of($"'{layer.Name}'", operands),
        };

    /// <summary>Whether a layer only multiplies each channel and adds to it.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="input">What it reads.</param>
    public static bool IsScaling(Layer layer, FeatureShape input) =>
        layer is BatchNormLayer || LayerKind.Of(layer, input) is { IsScaling: true };

    private Term Normalised(string words, ImmutableArray<Term> operands) =>
        isFolded && operands[0].Operation is int ? operands[0] : Of(words, operands);

    // Factors of the image are a matter of how pictures are prepared; and before the classifier a dropout may scale that
    // did not in training.
    private Term Scaled(ImmutableArray<Term> operands) =>
        operands[0].Operation is Image || operands[0].Latest == _trainedCount - 2
            ? operands[0]
            : Normalised(Factors, operands);

    // Exporters round the slope 1/6 in ways of their own.
    private static Activation Rounded(Activation activation) =>
        activation.Kind == ActivationKind.HardSigmoid && MathF.Abs(activation.Slope - 1f / 6) < SlopeTolerance
            ? Activation.HardSigmoid()
            : activation;

    private static string Words(PoolLayer pool)
    {
        var (kernel, stride, _, padding) = pool.Window;
        return $"a pooling ({pool.Kind}) of {kernel}, stride {stride}, padded by {padding.Top} above and {padding.Left} left";
    }

    // Whatever order the file has them in.
    private ImmutableArray<Term> Ordered(ImmutableArray<Term> operands) =>
        [.. operands.OrderBy(operand => operand.Latest).ThenBy(operand => _ids[operand])];

    private Term Of(object operation, ImmutableArray<Term> operands)
    {
        var ids = operands.Select(operand => _ids[operand]);
        var key = $"{operation.GetType().Name} {operation} {string.Join(' ', ids)}";
        if (!_terms.TryGetValue(key, out var term))
        {
            var latest = operation is int place ? place : operands.Select(o => o.Latest).DefaultIfEmpty(-1).Max();
            term = new(operation, operands, latest);
            _terms.Add(key, term);
            _ids.Add(term, _ids.Count);
        }
        return term;
    }
}
