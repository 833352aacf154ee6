using System.Collections.Immutable;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Network.Onnx;

/// <summary>
/// Who produces and who reads each name. Checks what ONNX promises: every name is produced once and before it is
/// read, so that there are no cycles.
/// </summary>
internal sealed class OnnxNames
{
    private readonly string _source;
    private readonly string _damagedRemedy;
    private readonly Dictionary<string, OnnxNode> _producers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _readerCounts = new(StringComparer.Ordinal);

    public OnnxNames(OnnxGraph graph, string source)
    {
        _source = source;
        _damagedRemedy = graph.DamagedRemedy;
        if (graph.Nodes.IsEmpty)
        {
            throw Fault("the graph has no nodes.");
        }
        Tensors = CollectTensors(graph);
        Input = Single(graph.Inputs.Where(input => !Tensors.ContainsKey(input.Name)));
        Outputs = graph.Outputs.IsEmpty ? throw Fault("the graph has no output.") : graph.Outputs;
        CheckOrder(graph.Nodes);
        LiveNodes = FindLiveNodes(graph.Nodes);
        CountReaders();
        var readers = LiveNodes.Where(node => node.Inputs.Contains(Input.Name)).ToList();
        InputIsTransposed = readers.Count > 0 && readers.TrueForAll(IsTransposeToNchw);
    }

    /// <summary>Initializers and the tensors of Constant nodes, by name.</summary>
    public Dictionary<string, OnnxTensor> Tensors { get; }

    /// <summary>The only input that is not an initializer.</summary>
    public OnnxValueInfo Input { get; }

    /// <summary>The outputs, at least one.</summary>
    public ImmutableArray<OnnxValueInfo> Outputs { get; }

    /// <summary>The nodes that the outputs depend on, without Constant nodes that hold a tensor, in file order.</summary>
    public ImmutableArray<OnnxNode> LiveNodes { get; }

    /// <summary>True when the input is read only by transpositions from <c>[N, H, W, C]</c> to <c>[N, C, H, W]</c>.</summary>
    public bool InputIsTransposed { get; }

    /// <summary>The node that produces a value.</summary>
    /// <param name="name">Its name.</param>
    public OnnxNode ProducerOf(string name) => _producers[name];

    /// <summary>How often live nodes read a value; the graph's outputs count too.</summary>
    /// <param name="name">Its name.</param>
    public int ReaderCount(string name) => _readerCounts.GetValueOrDefault(name);

    private Dictionary<string, OnnxTensor> CollectTensors(OnnxGraph graph)
    {
        var tensors = new Dictionary<string, OnnxTensor>(StringComparer.Ordinal);
        foreach (var (name, tensor) in graph.Tensors)
        {
            if (!tensors.TryAdd(name, tensor))
            {
                throw Fault($"two constants are called '{name}'.");
            }
        }
        return tensors;
    }

    private OnnxValueInfo Single(IEnumerable<OnnxValueInfo> inputs)
    {
        var found = inputs.ToList();
        return found is [var single]
            ? single
            : throw new ModelFormatException(
                _source,
                $"the graph has {found.Count} inputs ({string.Join(", ", found.Select(value => $"'{value.Name}'"))}), expected one.",
                "Export the network with one image batch in."
            );
    }

    private void CheckOrder(ImmutableArray<OnnxNode> nodes)
    {
        var later = nodes.SelectMany(node => node.Outputs).ToHashSet(StringComparer.Ordinal);
        var known = Tensors.Keys.Append(Input.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var node in nodes)
        {
            foreach (var name in node.Inputs.Where(name => name.Length > 0 && !known.Contains(name)))
            {
                var reason = later.Contains(name)
                    ? "which a later node produces: the graph has a cycle or is not sorted"
                    : "which is neither an input, an initializer nor a node's output";
                throw Fault($"node {OnnxOperation.Describe(node)} reads '{name}', {reason}.");
            }
            foreach (var name in node.Outputs.Where(name => name.Length > 0 && node.ConstantTensor is null))
            {
                if (!known.Add(name))
                {
                    throw Fault($"node {OnnxOperation.Describe(node)} produces '{name}', which exists already.");
                }
                _producers.Add(name, node);
            }
        }
        if (Outputs.FirstOrDefault(output => !known.Contains(output.Name)) is { } unknown)
        {
            throw Fault($"no node produces the output '{unknown.Name}'.");
        }
    }

    private ImmutableArray<OnnxNode> FindLiveNodes(ImmutableArray<OnnxNode> nodes)
    {
        var live = new HashSet<OnnxNode>(ReferenceEqualityComparer.Instance);
        var pending = new Stack<string>(Outputs.Select(output => output.Name));
        while (pending.TryPop(out var name))
        {
            if (_producers.TryGetValue(name, out var node) && live.Add(node))
            {
                foreach (var input in node.Inputs)
                {
                    pending.Push(input);
                }
            }
        }
        return [.. nodes.Where(live.Contains)];
    }

    private void CountReaders()
    {
        foreach (var name in LiveNodes.SelectMany(node => node.Inputs).Concat(Outputs.Select(output => output.Name)))
        {
            _readerCounts[name] = ReaderCount(name) + 1;
        }
    }

    private static bool IsTransposeToNchw(OnnxNode node) =>
        node.Operator == "Transpose"
        && node.Attributes.TryGetValue("perm", out var order)
        && order.Int64s.AsSpan().SequenceEqual([0L, 3, 1, 2]);

    private ModelFormatException Fault(string fault) => new(_source, fault, _damagedRemedy);
}
