namespace ILGpuMobileNet.Network.Weights;

/// <summary>Element counts of shapes that come from a file and may be nonsense.</summary>
internal static class TensorSize
{
    /// <summary>Most axes a tensor of these formats may have; a convolution has four.</summary>
    public const int MaxRank = 8;

    /// <summary>The product of the axes, when each is at least 1 and the product fits an array.</summary>
    /// <param name="axes">Axes as the file has them; empty for a scalar.</param>
    /// <param name="count">The product.</param>
    /// <returns>False when an axis is smaller than 1, there are too many, or the product is larger than 2^31 - 57.</returns>
    public static bool TryCount(ReadOnlySpan<long> axes, out int count)
    {
        count = 0;
        if (axes.Length > MaxRank)
        {
            return false;
        }
        var product = 1L;
        foreach (var axis in axes)
        {
            if (axis < 1 || axis > Array.MaxLength)
            {
                return false;
            }
            // Both factors are below 2^31, so the product is below 2^62.
            product *= axis;
            if (product > Array.MaxLength)
            {
                return false;
            }
        }
        count = (int)product;
        return true;
    }
}
