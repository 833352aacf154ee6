using System.Collections.Immutable;
using System.Globalization;
using ILGpuMobileNet.Network.Architectures;

namespace ILGpuMobileNet.Network.Weights;

/// <summary>How a file's tensors fit an architecture in a form, by names and shapes alone.</summary>
/// <param name="Architecture">The architecture.</param>
/// <param name="Form">The form.</param>
/// <param name="Options">Width, classes, tail and form with which the network fits best.</param>
public sealed record WeightFit(Architecture Architecture, Form Form, ArchitectureOptions Options)
{
    /// <summary>Tensors that the network needs and the file has not, with their shapes.</summary>
    public ImmutableArray<string> Missing { get; internal init; } = [];

    /// <summary>Tensors of another shape than the network needs, with both shapes.</summary>
    public ImmutableArray<string> Misshaped { get; internal init; } = [];

    /// <summary>Tensors of the file that the network does not use.</summary>
    public ImmutableArray<string> Unused { get; internal init; } = [];

    /// <summary>Tensors that the network uses.</summary>
    public int UsedCount { get; internal init; }

    /// <summary>Width multiplier.</summary>
    public double Width => Options.Width ?? Architecture.DefaultWidth;

    /// <summary>Classes; null where the network ends in a feature map, and where the file does not have its classifier.</summary>
    public int? Classes => Options.Classes;

    /// <summary>Whether the last stage has half its channels.</summary>
    public bool ReducedTail => Options.ReducedTail;

    /// <summary>Whether nothing is missing, unused or mis-shaped.</summary>
    public bool IsExact => Missing.IsEmpty && Misshaped.IsEmpty && Unused.IsEmpty;

    /// <summary>
    /// Whether the head alone is missing, as where a network was saved without its classifier: the last layers after the
    /// global pool. A new head makes a whole network of it.
    /// </summary>
    public bool IsHeadless { get; internal init; }

    /// <summary>
    /// Whether all before the global pool is the network's, and the file has a head of its own after it: then the
    /// <see cref="Unused"/> tensors are that head's. The trunk gives features, and a new head makes a whole network of it.
    /// </summary>
    public bool HasOwnHead { get; internal init; }

    /// <summary>Whether all before the global pool is the network's, or at least its blocks.</summary>
    internal bool HasTrunk => IsExact || IsHeadless || HasOwnHead;

    /// <summary>Tensors of the right name and shape, of all that the network needs or the file has: 1 for an exact fit.</summary>
    public double Share =>
        (double)(UsedCount - Misshaped.Length) / Math.Max(1, UsedCount + Missing.Length + Unused.Length);

    /// <summary>The name by which the network's first tensor was looked for.</summary>
    internal string FirstName { get; init; } = "";

    /// <summary>Architecture, form and variant, for example <c>mobilenet_v2 of keras, width 0.35, 1000 classes</c>.</summary>
    public override string ToString()
    {
        var classes =
            IsHeadless ? ", without a classifier"
            : HasOwnHead ? ", with a head of its own"
            : Classes is { } count ? $", {count} classes"
            : "";
        var tail = ReducedTail ? ", reduced tail" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Architecture} of {Form}, width {Width:0.###}{classes}{tail}"
        );
    }
}
