using ILGpuMobileNet.Kernels;

namespace ILGpuMobileNet.Network.Onnx;

/// <summary>Maxima and means over windows and over whole feature maps.</summary>
internal static class PoolOperators
{
    public static Operand GlobalAverage(OnnxOperation operation)
    {
        var image = operation.Image(0);
        return Feature.Nchw(operation.Builder.GlobalAveragePool(operation.LayerName(), image.Value));
    }

    public static Operand Max(OnnxOperation operation)
    {
        var image = operation.Image(0);
        var window = Rounded(operation, OwnWindow(operation, image, default), image);
        return Append(operation, image, PoolKind.Max, window);
    }

    public static Operand Average(OnnxOperation operation)
    {
        var (image, zeros) = WindowReader.Padded(operation);
        var own = OwnWindow(operation, image, zeros);
        var window = Rounded(operation, own, image);
        if (own.Padding == default)
        {
            // Without padding of its own there is at most what rounding up adds, which is never counted.
            return Append(operation, image, PoolKind.Average, window);
        }
        var countsOwn = operation.Integer("count_include_pad", 0) != 0;
        if (zeros != default && !countsOwn && own.Padding != zeros)
        {
            throw operation.Unsupported(
                "leaves its own padding out and counts that of the Pad before it",
                "Use one of them."
            );
        }
        var countsPadding = countsOwn || zeros != default;
        if (countsPadding && own != window)
        {
            throw operation.Unsupported(
                "counts padding, but not what rounding its output size up adds to it",
                "Use ceil_mode 0."
            );
        }
        return Append(operation, image, countsPadding ? PoolKind.AverageIncludingPadding : PoolKind.Average, window);
    }

    public static Operand ReduceMean(OnnxOperation operation)
    {
        var feature = operation.Feature(0);
        var rank = feature.Axes.Length;
        var isInput = operation.Importer.Opset >= 18;
        long[] listed =
            !isInput ? [.. operation.Integers("axes")]
            : operation.HasInput(1) ? operation.Integers(1)
            : [];
        var reduced = listed.Select(axis => operation.CheckedAxis(axis, rank)).ToHashSet();
        var isGlobal =
            reduced.Count > 0
            && Enumerable
                .Range(0, rank)
                .All(i =>
                    feature.Axes[i] switch
                    {
                        Axis.Height or Axis.Width => reduced.Contains(i),
                        Axis.Batch or Axis.Channel => !reduced.Contains(i),
                        _ => true,
                    }
                );
        if (!isGlobal)
        {
            throw operation.Unsupported(
                $"takes the mean over axes [{string.Join(", ", listed)}] of {feature.DimsText()}",
                "Take it over rows and columns."
            );
        }
        var value = operation.Builder.GlobalAveragePool(operation.LayerName(), feature.Value);
        var keepsAxes = operation.Integer("keepdims", 1) != 0;
        return Feature.WithAxes(value, feature.Axes.Where((_, i) => keepsAxes || !reduced.Contains(i)));
    }

    private static Feature Append(OnnxOperation operation, Feature image, PoolKind kind, Window window)
    {
        var shape = image.Value.Shape;
        var name = operation.LayerName();
        var isGlobal =
            kind == PoolKind.Average
            && window.Padding == default
            && window.Kernel == new Extent(shape.Height, shape.Width);
        return Feature.Nchw(
            isGlobal
                ? operation.Builder.GlobalAveragePool(name, image.Value)
                : operation.Builder.Pool(name, image.Value, kind, window)
        );
    }

    private static Window OwnWindow(OnnxOperation operation, Feature image, Padding zeros)
    {
        if (!operation.HasAttribute("kernel_shape"))
        {
            throw operation.Fault("has no kernel_shape.");
        }
        var window = WindowReader.Read(operation, image, operation.Extent("kernel_shape"), zeros);
        return window.Dilation == Extent.Square(1)
            ? window
            : throw operation.Unsupported($"has dilations {window.Dilation}", "Use 1.");
    }

    private static Window Rounded(OnnxOperation operation, Window window, Feature image) =>
        operation.Integer("ceil_mode", 0) != 0 ? RoundedUp(window, image.Value.Shape) : window;

    /// <summary>Rounding the output size up is the same as more padding at the bottom and at the right.</summary>
    private static Window RoundedUp(Window window, FeatureShape input)
    {
        var (top, left, bottom, right) = window.Padding;
        var (kernel, stride) = (window.Kernel, window.Stride);
        var extraRows = Missing(input.Height, (top, bottom), kernel.Height, stride.Height);
        var extraColumns = Missing(input.Width, (left, right), kernel.Width, stride.Width);
        return window with { Padding = new(top, left, bottom + extraRows, right + extraColumns) };
    }

    private static int Missing(int input, (int Before, int After) padding, int kernel, int stride)
    {
        var free = input + padding.Before + padding.After - kernel;
        if (free < 0)
        {
            return 0;
        }
        var steps = (free + stride - 1) / stride;
        // A window that would start in the padding at the end is left out.
        if (steps * (long)stride >= input + padding.Before)
        {
            steps--;
        }
        return Math.Max(0, steps * stride - free);
    }
}
