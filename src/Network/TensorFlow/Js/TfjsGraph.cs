using System.Runtime.InteropServices;
using ILGpuMobileNet.Network.Onnx;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Network.TensorFlow;

/// <summary>A graph model being read: its nodes in the order of computation, and its constants.</summary>
/// <param name="source">Path of the file.</param>
/// <param name="weights">The constants' elements.</param>
/// <param name="cancellationToken">Ends the reading early.</param>
internal sealed class TfjsGraph(string source, TfjsWeights weights, CancellationToken cancellationToken)
{
    private readonly Dictionary<string, long[]> _integers = new(StringComparer.Ordinal);

    /// <summary>The graph that is built.</summary>
    public ChannelsLastGraph Values { get; } = new(source);

    /// <summary>Declares a constant.</summary>
    /// <param name="node">A node <c>Const</c>.</param>
    public void Declare(TfjsNode node)
    {
        var tensor = weights.Find(node.Name) ?? throw node.Fault("has no weights in the manifest.");
        var axes = Array.ConvertAll<int, long>([.. tensor.Stored.Shape], axis => axis);
        if (tensor.IsFloat)
        {
            var floats = weights.ReadFloats(tensor, cancellationToken);
            var bytes = MemoryMarshal.AsBytes(floats.AsSpan()).ToArray();
            Values.Weights(node.Name, axes, new(bytes, 0, bytes.Length));
            return;
        }
        if (tensor.Quantization is not null || tensor.Stored.Type != ElementType.I32)
        {
            throw node.Fault("has whole numbers that are not stored as int32.");
        }
        if (tensor.ElementCount > Constant.MaxIntegerCount)
        {
            throw node.Fault($"has {tensor.ElementCount} whole numbers, expected at most {Constant.MaxIntegerCount}.");
        }
        var integers = MemoryMarshal.Cast<byte, int>(weights.ReadBytes(tensor, cancellationToken)).ToArray();
        _integers[node.Name] = Array.ConvertAll(integers, value => (long)value);
        Values.Integers(node.Name, axes, _integers[node.Name]);
    }

    /// <summary>Constant whole numbers.</summary>
    /// <param name="node">The node that reads them.</param>
    /// <param name="name">Their name.</param>
    public long[] Integers(TfjsNode node, string name) =>
        _integers.GetValueOrDefault(name) ?? throw node.Fault($"reads '{name}', expected constant whole numbers.");

    /// <summary>Whether a constant is one 0.</summary>
    /// <param name="name">Its name.</param>
    public bool IsZero(string name) =>
        weights.Find(name) is { ElementCount: 1, IsFloat: true } tensor
        && weights.ReadFloats(tensor, cancellationToken) is [0];

    /// <summary>The nodes that a value depends on, each after all that it reads.</summary>
    /// <param name="nodes">All nodes, in any order.</param>
    /// <param name="output">Name of the value.</param>
    /// <exception cref="ModelFormatException">Two nodes have one name, a node is missing, or there is a cycle.</exception>
    public List<TfjsNode> InOrder(IEnumerable<TfjsNode> nodes, string output)
    {
        var byName = new Dictionary<string, TfjsNode>(StringComparer.Ordinal);
        foreach (var node in nodes)
        {
            if (!byName.TryAdd(node.Name, node))
            {
                throw node.Fault("has the name of another node.");
            }
        }
        var ordered = new List<TfjsNode>();
        var isDone = new Dictionary<string, bool>(StringComparer.Ordinal);
        var pending = new Stack<string>([output]);
        while (pending.TryPeek(out var name))
        {
            var node =
                byName.GetValueOrDefault(name)
                ?? throw new ModelFormatException(
                    source,
                    $"there is no node '{name}', which is read.",
                    TfjsObject.Remedy
                );
            // Met again: everything that it reads has been dealt with.
            if (!isDone.TryAdd(name, false))
            {
                pending.Pop();
                if (!isDone[name])
                {
                    isDone[name] = true;
                    ordered.Add(node);
                }
                continue;
            }
            foreach (var input in node.Inputs.Where(input => !isDone.GetValueOrDefault(input)))
            {
                if (isDone.ContainsKey(input))
                {
                    throw node.Fault($"reads '{input}', which depends on it: the graph has a cycle.");
                }
                pending.Push(input);
            }
        }
        return ordered;
    }
}
