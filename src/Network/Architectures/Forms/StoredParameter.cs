using System.Collections.Immutable;
using ILGpuMobileNet.Network.Graph;

namespace ILGpuMobileNet.Network.Architectures;

/// <summary>Orders of axes that ecosystems store weights in.</summary>
internal enum TensorLayout
{
    /// <summary>Convolutions <c>[O, I, H, W]</c>, fully connected layers <c>[O, I]</c>.</summary>
    Torch,

    /// <summary>Convolutions <c>[H, W, I, O]</c>, depthwise ones <c>[H, W, C, 1]</c>, fully connected layers <c>[I, O]</c>.</summary>
    TensorFlow,

    /// <summary>Convolutions <c>[O, I, H, W]</c>, fully connected layers <c>[I, O]</c>.</summary>
    Paddle,
}

/// <summary>What a parameter is to its layer, which decides on the order of its axes in a file.</summary>
internal enum ParameterKind
{
    /// <summary>One number a channel.</summary>
    Vector,

    /// <summary>Weights of a convolution, <c>[O, I, H, W]</c> in a graph.</summary>
    Convolution,

    /// <summary>Weights of a depthwise convolution, <c>[C, 1, H, W]</c> in a graph.</summary>
    Depthwise,

    /// <summary>Weights of a fully connected layer, <c>[O, I]</c> in a graph; a file may have them as a 1x1 convolution.</summary>
    Linear,
}

/// <summary>A graph's parameter and what a file has for it.</summary>
/// <param name="Parameter">Name and shape in the graph.</param>
/// <param name="Names">Names that the file may have for it.</param>
/// <param name="Kind">What it is to its layer.</param>
/// <param name="Layout">The file's layout.</param>
internal sealed record StoredParameter(
    Parameter Parameter,
    ImmutableArray<string> Names,
    ParameterKind Kind,
    TensorLayout Layout
)
{
    private const int ConvolutionRank = 4;

    /// <summary>Shape that a file should have, where it has no tensor yet to take the number of axes from.</summary>
    public ImmutableArray<int> UsualShape => ShapeAt(Parameter.Shape.Length)!.Value;

    /// <summary>Shape that a file's tensor of so many axes must have; none where there is no such form of it.</summary>
    public ImmutableArray<int>? ShapeAt(int rank) =>
        AxesAt(rank) is { } axes ? [.. axes.Select(axis => OwnAxis(axis))] : null;

    /// <summary>
    /// For each axis of a file's tensor the graph's axis that it is, where the fully connected layer's <c>[O, I]</c>
    /// counts as <c>[O, I, 1, 1]</c>.
    /// </summary>
    public ImmutableArray<int>? AxesAt(int rank) =>
        (Kind, Layout, rank) switch
        {
            (ParameterKind.Vector, _, 1) => [0],
            (ParameterKind.Linear, TensorLayout.Torch, 2) => [0, 1],
            (ParameterKind.Linear, _, 2) => [1, 0],
            (ParameterKind.Vector, _, _) or (_, _, not ConvolutionRank) => null,
            (ParameterKind.Depthwise, TensorLayout.TensorFlow, _) => [2, 3, 0, 1],
            (_, TensorLayout.TensorFlow, _) => [2, 3, 1, 0],
            _ => [0, 1, 2, 3],
        };

    private int OwnAxis(int axis) => axis < Parameter.Shape.Length ? Parameter.Shape[axis] : 1;
}
