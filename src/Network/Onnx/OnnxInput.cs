using System.Collections.Immutable;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Network.Onnx;

/// <summary>The graph's input: an image batch <c>[N, C, H, W]</c>, or <c>[N, H, W, C]</c> where a Transpose follows.</summary>
/// <param name="declaration">The input as the file declares it.</param>
/// <param name="isTransposed">True for <c>[N, H, W, C]</c>.</param>
/// <param name="source">Path of the file.</param>
internal sealed class OnnxInput(OnnxValueInfo declaration, bool isTransposed, string source)
{
    /// <summary>Largest height, width or number of channels.</summary>
    private const int MaxSize = 1 << 16;

    private const int PictureChannels = 3;

    /// <summary>What each axis means.</summary>
    public ImmutableArray<Axis> Axes { get; } =
        isTransposed
            ? [Axis.Batch, Axis.Height, Axis.Width, Axis.Channel]
            : [Axis.Batch, Axis.Channel, Axis.Height, Axis.Width];

    /// <summary>The batch that the file fixes, or null where it is symbolic.</summary>
    public long? StaticBatch => declaration.Dims[0];

    /// <summary>Shape of one image.</summary>
    /// <param name="options">The user's choice for symbolic axes.</param>
    /// <exception cref="ModelFormatException">
    /// It is not an image batch of floats, an axis is neither in the file nor given, or both are and differ.
    /// </exception>
    public FeatureShape Shape(OnnxReadOptions options)
    {
        var (wanted, keepsFixed) = (options.Resolution, options.IsPartial);
        var hasType = options.IsPartial || declaration.Type == OnnxDataType.Float;
        if (!hasType || declaration.Dims.IsDefault || declaration.Dims.Length != 4)
        {
            var rank = declaration.Dims.IsDefault ? "no shape" : $"{declaration.Dims.Length} axes";
            throw Fault(
                $"is {declaration.Type} with {rank}, expected Float with 4 axes [N, C, H, W].",
                "Export the network with one image batch as input."
            );
        }
        return new(
            Size(Axis.Height, wanted?.Height, keepsFixed),
            Size(Axis.Width, wanted?.Width, keepsFixed),
            Size(Axis.Channel, PictureChannels, keepsFixed: true)
        );
    }

    private int Size(Axis axis, int? wanted, bool keepsFixed)
    {
        var declared = declaration.Dims[Axes.IndexOf(axis)];
        if (declared is not { } size)
        {
            size =
                wanted
                ?? throw Fault(
                    $"has a symbolic {axis}.",
                    "Give the input's size: --resolution HxW in the tool, OnnxReadOptions.Resolution in the library."
                );
        }
        else if (!keepsFixed && wanted is { } other && other != size)
        {
            throw Fault(
                $"has {axis} {size}, but {other} was asked for, by a resolution or by the size of the images.",
                "The file has its own size: leave the resolution out, or give images of that size."
            );
        }
        return size is >= 1 and <= MaxSize
            ? (int)size
            : throw Fault($"has {axis} {size}, expected 1 to {MaxSize}.", "Export the network for images.");
    }

    private ModelFormatException Fault(string fault, string remedy) =>
        new(source, $"input '{declaration.Name}' {fault}", remedy);
}
