using System.Collections.Immutable;
using ILGpuMobileNet.Network.Graph;

namespace ILGpuMobileNet.Network.Onnx;

/// <summary>What a name in an ONNX graph stands for during the import.</summary>
internal abstract record Operand;

/// <summary>A tensor whose elements are known: weights as floats, shapes as integers.</summary>
/// <param name="Name">Name of the initializer or of the constant node's output.</param>
/// <param name="Dims">Axes.</param>
/// <param name="Floats">Elements, read when they are needed, or null for integers.</param>
/// <param name="Integers">Elements, or null for floats.</param>
internal sealed record Constant(string Name, ImmutableArray<int> Dims, WeightElements? Floats, long[]? Integers)
    : Operand
{
    /// <summary>Stands for the size of the batch in a shape, which is not known before a run.</summary>
    public const long BatchSize = long.MinValue;

    /// <summary>Most integers in one tensor: they are shapes, axes and paddings.</summary>
    public const int MaxIntegerCount = 1024;

    /// <summary>The only element, or null where there are several or none.</summary>
    public float? Scalar => Floats is { Count: 1, Values: [var value] } ? value : null;

    /// <summary>How many elements there are.</summary>
    public int Count => Floats?.Count ?? Integers!.Length;

    /// <summary>A tensor of floats that are known already.</summary>
    /// <param name="name">Name of the constant node's output.</param>
    /// <param name="dims">Axes.</param>
    /// <param name="values">Elements.</param>
    public static Constant Of(string name, ImmutableArray<int> dims, float[] values) =>
        new(name, dims, WeightElements.Of(values), null);

    /// <summary>The axes as <c>[a, b]</c>.</summary>
    public string DimsText => $"[{string.Join(", ", Dims)}]";
}

/// <summary>What an axis of an ONNX tensor means.</summary>
internal enum Axis
{
    /// <summary>The batch.</summary>
    Batch,

    /// <summary>Channels, more than one.</summary>
    Channel,

    /// <summary>Rows, more than one.</summary>
    Height,

    /// <summary>Columns, more than one.</summary>
    Width,

    /// <summary>An axis of size 1, whichever it once was.</summary>
    One,
}

/// <summary>A value of the network, with the axes that its ONNX tensor has at this point.</summary>
/// <param name="Value">The value.</param>
/// <param name="Axes">Batch first; every axis of the value larger than 1 occurs once.</param>
internal sealed record Feature(Value Value, ImmutableArray<Axis> Axes) : Operand
{
    private static readonly ImmutableArray<Axis> _nchw = [Axis.Batch, Axis.Channel, Axis.Height, Axis.Width];

    /// <summary>True for a tensor <c>[N, C, H, W]</c>.</summary>
    public bool IsNchw => Axes.SequenceEqual(Nchw(Value).Axes);

    /// <summary>Where the channels are, also a single one; -1 where that cannot be told.</summary>
    public int ChannelAxis
    {
        get
        {
            var axis = Axes.IndexOf(Axis.Channel);
            return axis < 0 && (IsNchw || Axes is [_, Axis.One]) ? 1 : axis;
        }
    }

    /// <summary>True for one position per channel, whatever the rank.</summary>
    public bool IsVector => Value.Shape.PixelCount == 1;

    /// <summary>A tensor <c>[N, C, H, W]</c>.</summary>
    /// <param name="value">The value.</param>
    public static Feature Nchw(Value value) => WithAxes(value, _nchw);

    /// <summary>A tensor with these axes; those of size 1 become <see cref="Axis.One"/>.</summary>
    /// <param name="value">The value.</param>
    /// <param name="axes">What each axis means.</param>
    public static Feature WithAxes(Value value, IEnumerable<Axis> axes) =>
        new(value, [.. axes.Select(axis => Size(value, axis) == 1 ? Axis.One : axis)]);

    /// <summary>Sizes of the axes, <see cref="Constant.BatchSize"/> for the batch.</summary>
    public long[] Dims() => [.. Axes.Select(axis => Size(Value, axis))];

    /// <summary>Another value in the place of this one; it may differ in its channels.</summary>
    /// <param name="value">The value, of the same height and width.</param>
    public Feature WithChannels(Value value) => WithAxes(value, Axes.SetItem(ChannelAxis, Axis.Channel));

    /// <summary>The axes as text, for errors.</summary>
    public string DimsText() => $"[{string.Join(", ", Dims().Select(size => size < 0 ? "N" : $"{size}"))}]";

    private static long Size(Value value, Axis axis) =>
        axis switch
        {
            Axis.Batch => Constant.BatchSize,
            Axis.Channel => value.Shape.Channels,
            Axis.Height => value.Shape.Height,
            Axis.Width => value.Shape.Width,
            _ => 1,
        };
}

/// <summary>
/// An operation that is not yet a layer, because what reads it may complete it: a bias, a padding's convolution, the
/// rest of a decomposed activation.
/// </summary>
internal abstract record Deferred : Operand
{
    /// <summary>What it is computed from; null for a layer with weights.</summary>
    public abstract Feature? Origin { get; }

    /// <summary>Appends it as a layer of its own.</summary>
    public abstract Feature Emit();
}
