namespace ILGpuMobileNet.Network.Onnx;

/// <summary>
/// Channels that a Reshape made two axes of, the first half of a channel shuffle: a Transpose then swaps the two and
/// another Reshape joins them again.
/// </summary>
/// <param name="Operation">The Reshape.</param>
/// <param name="Feature">What it reads.</param>
/// <param name="Groups">Size of the first of the two axes.</param>
/// <param name="IsSwapped">Whether a Transpose has swapped them.</param>
internal sealed record SplitChannels(OnnxOperation Operation, Feature Feature, int Groups, bool IsSwapped) : Deferred
{
    private int Axis => Feature.ChannelAxis;

    /// <summary>The two axes, or null where a Reshape does something else.</summary>
    /// <param name="operation">The Reshape.</param>
    /// <param name="feature">What it reads.</param>
    /// <param name="perImage">The sizes it asks for, without the batch.</param>
    public static SplitChannels? Of(OnnxOperation operation, Feature feature, long[] perImage)
    {
        var channels = feature.Value.Shape.Channels;
        var at = feature.ChannelAxis - 1;
        if (at < 0 || perImage.Length != feature.Axes.Length || perImage[at] <= 1 || channels <= perImage[at])
        {
            return null;
        }
        var split = new SplitChannels(operation, feature, (int)perImage[at], IsSwapped: false);
        return split.Dims().AsSpan(1).SequenceEqual(perImage) && channels % split.Groups == 0 ? split : null;
    }

    /// <summary>Sizes of the axes, <see cref="Constant.BatchSize"/> for the batch.</summary>
    public long[] Dims()
    {
        var (dims, size) = (Feature.Dims(), Feature.Value.Shape.Channels / Groups);
        long[] parts = IsSwapped ? [size, Groups] : [Groups, size];
        return [.. dims[..Axis], .. parts, .. dims[(Axis + 1)..]];
    }

    /// <summary>The axes after a Transpose.</summary>
    /// <param name="operation">The Transpose.</param>
    /// <param name="order">The old axis at each new place.</param>
    public SplitChannels Swapped(OnnxOperation operation, int[] order)
    {
        var swapped = Enumerable.Range(0, order.Length).ToArray();
        (swapped[Axis], swapped[Axis + 1]) = (Axis + 1, Axis);
        return order.SequenceEqual(swapped)
            ? this with
            {
                IsSwapped = !IsSwapped,
            }
            : throw operation.Unsupported(
                $"has perm [{string.Join(", ", order)}] for channels that were reshaped to two axes",
                "Swap these two, as a channel shuffle does."
            );
    }

    /// <summary>The channels as one axis again, shuffled where the two were swapped.</summary>
    /// <param name="operation">The second Reshape.</param>
    /// <param name="perImage">The sizes it asks for, without the batch.</param>
    public Feature Joined(OnnxOperation operation, long[] perImage)
    {
        if (!Feature.Dims().AsSpan(1).SequenceEqual(perImage))
        {
            throw operation.Unsupported(
                $"reshapes channels of two axes to [N, {string.Join(", ", perImage)}]",
                $"Join them again to {Feature.DimsText()}."
            );
        }
        return IsSwapped
            ? Feature with
            {
                Value = operation.Builder.ShuffleChannels(operation.LayerName(), Feature.Value, Groups),
            }
            : Feature;
    }

    /// <inheritdoc/>
    public override Feature? Origin => Feature;

    /// <inheritdoc/>
    public override Feature Emit() =>
        throw Operation.Unsupported(
            $"makes two axes of the channels of {Feature.DimsText()}",
            "Follow it by the Transpose and the Reshape of a channel shuffle."
        );
}
