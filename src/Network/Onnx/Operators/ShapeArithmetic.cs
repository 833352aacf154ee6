namespace ILGpuMobileNet.Network.Onnx;

/// <summary>Sums, products and ratios of whole numbers, with which exporters compute parts of shapes.</summary>
internal static class ShapeArithmetic
{
    /// <summary>Combines two constants of whole numbers, element by element or each with a single one.</summary>
    /// <param name="operation">The node.</param>
    /// <param name="combine">The function of two elements.</param>
    /// <returns>The result, or null where an input is something else.</returns>
    public static Constant? Compute(OnnxOperation operation, Func<long, long, long> combine)
    {
        if (
            (operation.Operand(0), operation.Operand(1))
            is not
            (Constant { Integers: { } left } first, Constant { Integers: { } right } second)
        )
        {
            return null;
        }
        if (left.Length != right.Length && left.Length != 1 && right.Length != 1)
        {
            throw operation.Fault($"combines {left.Length} and {right.Length} whole numbers.");
        }
        if (left.Contains(Constant.BatchSize) || right.Contains(Constant.BatchSize))
        {
            throw operation.Unsupported("computes with the size of the batch", "Keep the batch as its own axis.");
        }
        var dims = first.Dims.Length >= second.Dims.Length && left.Length >= right.Length ? first.Dims : second.Dims;
        return new(operation.OutputName, dims, null, Combined(operation, (left, right), combine));
    }

    private static long[] Combined(
        OnnxOperation operation,
        (long[] Left, long[] Right) numbers,
        Func<long, long, long> combine
    )
    {
        var (left, right) = numbers;
        var result = new long[Math.Max(left.Length, right.Length)];
        try
        {
            for (var i = 0; i < result.Length; i++)
            {
                result[i] = combine(left[left.Length == 1 ? 0 : i], right[right.Length == 1 ? 0 : i]);
            }
        }
        catch (ArithmeticException)
        {
            throw operation.Fault("divides a whole number by zero or exceeds 64 bits.");
        }
        return result;
    }
}
