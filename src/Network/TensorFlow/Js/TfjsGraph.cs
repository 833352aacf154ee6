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
    private readonly Dictionary<string, TfjsTensor> _integers = new(StringComparer.Ordinal);

    /// <summary>The graph that is built.</summary>
    public ChannelsLastGraph Values { get; } = new(source);

    /// <summary>Declares a constant.</summary>
    /// <param name="node">A node <c>Const</c>.</param>
    public void Declare(TfjsNode node)
    {
        var tensor = weights.Find(node.Name) ?? throw node.Fault("has no elements in the manifest.");
        var axes = Array.ConvertAll<int, long>([.. tensor.Stored.Shape], axis => axis);
        var elements = new TfjsElements(weights, tensor);
        if (tensor.IsFloat)
        {
            Values.Tensor(node.Name, axes, elements, OnnxDataType.Float);
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
        _integers[node.Name] = tensor;
        Values.Tensor(node.Name, axes, elements, OnnxDataType.Int32);
    }

    /// <summary>Constant whole numbers.</summary>
    /// <param name="node">The node that reads them.</param>
    /// <param name="name">Their name.</param>
    public long[] Integers(TfjsNode node, string name)
    {
        var tensor =
            _integers.GetValueOrDefault(name) ?? throw node.Fault($"reads '{name}', expected constant whole numbers.");
        var integers = MemoryMarshal.Cast<byte, int>(weights.ReadBytes(tensor, cancellationToken)).ToArray();
        return Array.ConvertAll(integers, value => (long)value);
    }

    /// <summary>A constant axis.</summary>
    /// <param name="node">The node that reads it.</param>
    /// <param name="name">Its name.</param>
    public long Axis(TfjsNode node, string name) =>
        Integers(node, name) is [var axis] ? axis : throw node.Fault($"reads '{name}', expected one axis.");

    /// <summary>Whether a constant is one 0.</summary>
    /// <param name="name">Its name.</param>
    public bool IsZero(string name) =>
        weights.Find(name) is { ElementCount: 1, IsFloat: true } tensor
        && weights.ReadFloats(tensor, cancellationToken) is [0];

    /// <summary>The nodes that values depend on, each after all that it reads.</summary>
    /// <param name="nodes">All nodes, in any order.</param>
    /// <param name="outputs">The values.</param>
    /// <exception cref="ModelFormatException">Two nodes have one name, a node is missing, or there is a cycle.</exception>
    public List<TfjsNode> InOrder(IEnumerable<TfjsNode> nodes, IEnumerable<string> outputs)
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
        var pending = new Stack<string>(outputs.Select(TfjsNode.NodeOf));
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
            foreach (var input in node.Inputs.Select(TfjsNode.NodeOf).Where(input => !isDone.GetValueOrDefault(input)))
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
