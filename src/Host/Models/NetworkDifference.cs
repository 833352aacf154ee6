using ILGpuMobileNet.Kernels;

namespace ILGpuMobileNet.Host;

/// <summary>Which item of the arithmetic it is that two networks differ in.</summary>
internal enum DifferingItem
{
    /// <summary>The layers themselves or how they are connected, which no option changes.</summary>
    Structure,

    /// <summary>The tensors that a layer takes.</summary>
    Weights,

    /// <summary>The epsilon of the batch normalisations.</summary>
    Epsilon,

    /// <summary>The padding of a convolution.</summary>
    Padding,

    /// <summary>What turns the expansion of a squeeze-excite into the gate.</summary>
    Gate,

    /// <summary>Another activation.</summary>
    Activation,

    /// <summary>Operators that may compute the same in a way that is not recognised.</summary>
    Undecided,

    /// <summary>Operators that cannot be read.</summary>
    Unread,
}

/// <summary>One side of a difference.</summary>
/// <param name="Place">Where it is: <c>convolution 'features.1.0'</c>.</param>
/// <param name="Words">What it is, with the verb: <c>reads relu</c>.</param>
internal readonly record struct DifferingSide(string Place, string Words)
{
    /// <summary>The activation, where it is one.</summary>
    public Activation? Activation { get; init; }

    /// <summary>The epsilon, where it is one.</summary>
    public double? Epsilon { get; init; }

    /// <summary>Place and words.</summary>
    public override string ToString() => $"{Place} {Words}";
}

/// <summary>Something that a network's own layers compute otherwise than those of a file's graph.</summary>
/// <param name="Item">What differs.</param>
/// <param name="Own">The network's side, at the first place.</param>
/// <param name="Found">The file's side, at the first place.</param>
internal sealed record NetworkDifference(DifferingItem Item, DifferingSide Own, DifferingSide Found)
{
    /// <summary>In how many places it is.</summary>
    public int Count { get; init; } = 1;

    /// <summary>What all places of a difference have in common.</summary>
    public string Kind { get; init; } = $"{Item}: {Own.Words}, {Found.Words}";

    /// <summary>All differences in words: <c>whose convolution 'a' reads relu6, but in 'x.onnx' convolution 'b' reads relu</c>.</summary>
    /// <param name="differences">The differences.</param>
    /// <param name="file">What the file is called: <c>'x.onnx'</c>.</param>
    public static string Words(IEnumerable<NetworkDifference> differences, string file) =>
        string.Join(
            "; ",
            differences.Select(difference =>
                $"whose {difference.Own}, but in {file} {difference.Found}{difference.Places}"
            )
        );

    /// <summary>Both sides in short: <c>convolution 'b' reads relu, that of keras reads relu6</c>.</summary>
    /// <param name="network">What the network is called.</param>
    public string WordsBeside(string network) => $"{Found}{Places}, that of {network} {Own.Words}";

    private string Places => Count > 1 ? $" (the first of {Count})" : "";
}
