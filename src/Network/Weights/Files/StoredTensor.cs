using System.Collections.Immutable;

namespace ILGpuMobileNet.Network.Weights;

/// <summary>A tensor as a file lists it; its elements are still in the file.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Shape">Axes in the file's own order, outermost first; empty for a scalar.</param>
/// <param name="Type">How the file stores its elements.</param>
public sealed record StoredTensor(string Name, ImmutableArray<int> Shape, ElementType Type)
{
    private const string CounterSuffix = "num_batches_tracked";

    /// <summary>Whether it is one of PyTorch's counters of training steps, which no network needs.</summary>
    public bool IsCounter => IsCounterName(Name);

    internal static bool IsCounterName(string name) => name.EndsWith(CounterSuffix, StringComparison.Ordinal);
}
