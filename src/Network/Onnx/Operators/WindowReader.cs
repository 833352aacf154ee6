using ILGpuMobileNet.Kernels;

namespace ILGpuMobileNet.Network.Onnx;

/// <summary>Reads the window of a convolution or pooling from a node's attributes.</summary>
internal static class WindowReader
{
    /// <summary>The first input as an image batch, and the zeros that a Pad puts around it.</summary>
    /// <param name="operation">The node.</param>
    public static (Feature Image, Padding Zeros) Padded(OnnxOperation operation) =>
        operation.Operand(0) is PaddedImage padded ? (padded.Image, padded.Padding) : (operation.Image(0), default);

    /// <summary>Kernel, stride, dilation and padding.</summary>
    /// <param name="operation">The node.</param>
    /// <param name="image">What it reads.</param>
    /// <param name="kernel">Kernel size.</param>
    /// <param name="zeros">Padding besides the node's own.</param>
    public static Window Read(OnnxOperation operation, Feature image, Extent kernel, Padding zeros)
    {
        var stride = operation.Extent("strides");
        var dilation = operation.Extent("dilations");
        // No window may lie in the padding alone, or a small file could ask for a huge output.
        var reach = new Extent(Reach(kernel.Height, dilation.Height), Reach(kernel.Width, dilation.Width));
        var shape = image.Value.Shape;
        var input = new Extent(shape.Height + zeros.Top + zeros.Bottom, shape.Width + zeros.Left + zeros.Right);
        var own = OwnPadding(operation, input, reach, stride);
        var padding = Sum(zeros, own);
        if (
            Math.Max(padding.Top, padding.Bottom) >= reach.Height
            || Math.Max(padding.Left, padding.Right) >= reach.Width
        )
        {
            throw operation.Unsupported(
                $"has padding {padding} for a window of {reach}",
                "Pad by less than the window."
            );
        }
        return new(kernel, stride, dilation, padding);
    }

    /// <summary>Four sizes of a padding, each at least 0.</summary>
    /// <param name="operation">The node.</param>
    /// <param name="pads">Top, left, bottom, right.</param>
    public static Padding CheckedPadding(OnnxOperation operation, ReadOnlySpan<long> pads)
    {
        const int maxPadding = 1 << 16;
        foreach (var pad in pads)
        {
            if (pad is < 0 or > maxPadding)
            {
                throw operation.Fault($"has a padding of {pad}, expected 0 to {maxPadding}.");
            }
        }
        return new((int)pads[0], (int)pads[1], (int)pads[2], (int)pads[3]);
    }

    private static Padding OwnPadding(OnnxOperation operation, Extent input, Extent reach, Extent stride)
    {
        var mode = operation.Text("auto_pad", "NOTSET");
        switch (mode)
        {
            case "VALID":
                return default;
            case "SAME_UPPER":
                return Padding.Same(input, reach, stride);
            case "SAME_LOWER":
                // The same amount, with the extra row and column at the top and at the left.
                var upper = Padding.Same(input, reach, stride);
                return new(upper.Bottom, upper.Right, upper.Top, upper.Left);
            case "NOTSET" or "":
                var pads = operation.Integers("pads");
                return pads.Length switch
                {
                    0 => default,
                    4 => CheckedPadding(operation, pads.AsSpan()),
                    _ => throw operation.Fault($"has {pads.Length} pads, expected top, left, bottom, right."),
                };
            default:
                throw operation.Fault($"has auto_pad '{mode}', expected NOTSET, VALID, SAME_UPPER or SAME_LOWER.");
        }
    }

    private static int Reach(int kernel, int dilation) => (int)Math.Min(int.MaxValue, (kernel - 1L) * dilation + 1);

    private static Padding Sum(Padding a, Padding b) =>
        new(a.Top + b.Top, a.Left + b.Left, a.Bottom + b.Bottom, a.Right + b.Right);
}
