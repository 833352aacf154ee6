using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Network.TensorFlow;

/// <summary>The error for operators that are not read, with what would do instead.</summary>
internal static class UnsupportedOperators
{
    /// <summary>Refuses a graph that has any.</summary>
    /// <param name="unsupported">Operators that are not read, each with the name of its node.</param>
    /// <param name="supported">Operators that are.</param>
    /// <param name="source">Path of the file.</param>
    /// <exception cref="ModelFormatException">Names every unsupported operator with its first node.</exception>
    public static void Check(
        IEnumerable<(string Operator, string Node)> unsupported,
        IEnumerable<string> supported,
        string source
    )
    {
        var found = unsupported.GroupBy(node => node.Operator).Select(group => Describe([.. group])).ToList();
        if (found.Count > 0)
        {
            throw new ModelFormatException(
                source,
                $"{found.Count} operators are not supported: {string.Join("; ", found)}.",
                $"Supported are {string.Join(", ", supported.Order(StringComparer.Ordinal))}."
            );
        }
    }

    private static string Describe((string Operator, string Node)[] nodes)
    {
        var (name, node) = nodes[0];
        var more = nodes.Length > 1 ? $" and {nodes.Length - 1} more" : "";
        return $"'{node}' ({name}){more}: {Need(name)}";
    }

    private static string Need(string name) =>
        name switch
        {
            "Prelu" or "PRELU" or "LeakyRelu" or "LEAKY_RELU" or "RELU_N1_TO_1" =>
                "use ReLU, ReLU6, hard-swish or SiLU",
            "QUANTIZE" => "convert the float32 or float16 network, before quantisation",
            "ResizeBilinear" or "RESIZE_BILINEAR" or "ResizeNearestNeighbor" or "RESIZE_NEAREST_NEIGHBOR" =>
                "convert the classifier or backbone without upsampling",
            "CUSTOM" => "convert with built-in operators only",
            _ => "convert the network without it",
        };
}
