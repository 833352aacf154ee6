using System.Collections.Immutable;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Network;

/// <summary>What a file with a graph contains, whether it can be used or not.</summary>
/// <param name="Tensors">Its constants that are numbers, in the order of the file.</param>
/// <param name="Opset">Version of ONNX's operator set, 0 where an ONNX file names none; null in other formats.</param>
/// <param name="OperatorCounts">How often each operator occurs.</param>
internal sealed record GraphListing(
    ImmutableArray<StoredTensor> Tensors,
    long? Opset,
    ImmutableSortedDictionary<string, int> OperatorCounts
)
{
    /// <summary>
    /// The networks whose tensors have these names and shapes, exactly; none of other formats than ONNX, whose exporters
    /// alone keep an ecosystem's names.
    /// </summary>
    public ImmutableArray<WeightFit> Fits { get; init; } = [];

    /// <summary>Counts the operators.</summary>
    /// <param name="tensors">The constants.</param>
    /// <param name="opset">Version of ONNX's operator set, or null.</param>
    /// <param name="operators">The operators, one as often as it occurs.</param>
    public static GraphListing Of(IEnumerable<StoredTensor> tensors, long? opset, IEnumerable<string> operators) =>
        new(
            [.. tensors],
            opset,
            operators.CountBy(name => name, StringComparer.Ordinal).ToImmutableSortedDictionary(StringComparer.Ordinal)
        );
}
