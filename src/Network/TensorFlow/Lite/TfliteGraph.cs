using ILGpuMobileNet.Network.Onnx;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Network.TensorFlow;

/// <summary>The graph of a TensorFlow Lite file being read: its operators and tensors.</summary>
internal sealed class TfliteGraph
{
    private readonly string _source;
    private readonly FlatBuffer _file;
    private readonly FlatTable[] _codes;
    private readonly FlatTable[] _buffers;
    private readonly FlatTable[] _tables;
    private readonly TfliteTensor?[] _tensors;
    private readonly TfliteOperator[] _operators;
    private readonly HashSet<string> _declared = new(StringComparer.Ordinal);
    private readonly UniqueNames _names = new();

    /// <summary>Reads the lists of a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="source">Its path.</param>
    /// <exception cref="ModelFormatException">It is damaged, or has not one graph with one input and one output.</exception>
    public TfliteGraph(FlatBuffer file, string source)
    {
        (_file, _source) = (file, source);
        Values = new(source);
        var model = file.Root;
        var graphs = model.Tables(TfliteFields.ModelSubgraphs);
        if (graphs is not [var graph])
        {
            throw Unusual($"has {graphs.Length} graphs, expected one.");
        }
        _codes = model.Tables(TfliteFields.ModelOperatorCodes);
        _buffers = model.Tables(TfliteFields.ModelBuffers);
        _tables = graph.Tables(TfliteFields.GraphTensors);
        _tensors = new TfliteTensor?[_tables.Length];
        Input = Named(graph, TfliteFields.GraphInputs, "input") is [var input]
            ? Tensor(input)
            : throw Unusual("has several inputs, expected one image batch.");
        Outputs = [.. Named(graph, TfliteFields.GraphOutputs, "output").Select(Tensor)];
        _operators = [.. graph.Tables(TfliteFields.GraphOperators).Select(Operator)];
        Operators = Live(_operators);
    }

    /// <summary>The graph that is built.</summary>
    public ChannelsLastGraph Values { get; }

    /// <summary>The only input.</summary>
    public TfliteTensor Input { get; }

    /// <summary>The outputs, at least one.</summary>
    public IReadOnlyList<TfliteTensor> Outputs { get; }

    /// <summary>The operators that the outputs depend on, in the order of the file.</summary>
    public IReadOnlyList<TfliteOperator> Operators { get; }

    /// <summary>A tensor.</summary>
    /// <param name="index">Its number.</param>
    public TfliteTensor Tensor(int index)
    {
        if (index < 0 || index >= _tables.Length)
        {
            throw _file.Fault($"an operator refers to tensor {index} of {_tables.Length}.");
        }
        return _tensors[index] ??= Read(_tables[index], index);
    }

    /// <summary>The name of a tensor's value; weights are declared with it.</summary>
    /// <param name="tensor">The tensor.</param>
    public string Declared(TfliteTensor tensor)
    {
        if (tensor.Data is not null && _declared.Add(tensor.Name))
        {
            var (elements, type) = tensor.Weights();
            Values.Tensor(tensor.Name, tensor.Shape, elements, type);
        }
        return tensor.Name;
    }

    /// <summary>Lists all constants and operators, also those that no output depends on.</summary>
    public GraphListing List() =>
        GraphListing.Of(
            _tables.Select((_, index) => Tensor(index).Listed).OfType<StoredTensor>(),
            null,
            _operators.Select(each => each.OperatorName)
        );

    /// <summary>Refuses a quantised network.</summary>
    /// <exception cref="ModelFormatException">A tensor has integers of 8 or 16 bits.</exception>
    public void CheckTypes()
    {
        var tensors = Operators.SelectMany(each => each.Inputs.Concat(each.Outputs)).Where(index => index >= 0);
        var quantised = tensors
            .Select(Tensor)
            .FirstOrDefault(tensor => tensor.Type is TfliteType.INT8 or TfliteType.UINT8 or TfliteType.INT16);
        if (quantised is not null)
        {
            throw new ModelFormatException(
                _source,
                $"tensor '{quantised.Name}' is {quantised.Type}: the network is quantised to integers.",
                "Convert it without quantisation, or with weights in float16."
            );
        }
    }

    private TfliteTensor Read(FlatTable table, int index)
    {
        var name = table.Text(TfliteFields.TensorName);
        var unique = _names.Next(name.Length > 0 ? name : $"tensor{index}");
        if (table.Has(TfliteFields.TensorSparsity))
        {
            throw Unusual($"has the sparse tensor '{unique}', expected dense ones.");
        }
        var buffer = (uint)table.Integer(TfliteFields.TensorBuffer);
        if (buffer >= _buffers.Length)
        {
            throw _file.Fault($"tensor '{unique}' refers to buffer {buffer} of {_buffers.Length}.");
        }
        if (_buffers[buffer].Has(TfliteFields.BufferOffset))
        {
            throw Unusual($"has the elements of tensor '{unique}' behind its tables, expected a file below 2 GB.");
        }
        var data = _buffers[buffer].Bytes(TfliteFields.BufferData);
        return new(unique, table, data is { Count: > 0 } ? data : null);
    }

    private int[] Named(FlatTable graph, int field, string kind) =>
        graph.Integers(field) is { Length: > 0 } indices
            ? indices
            : throw Unusual($"has 0 {kind}s, expected one image batch in and a result out.");

    private TfliteOperator Operator(FlatTable table)
    {
        var index = (uint)table.Integer(TfliteFields.OperatorCode);
        var outputs = table.Integers(TfliteFields.OperatorOutputs) ?? [];
        if (index >= _codes.Length || outputs.Length == 0)
        {
            throw _file.Fault($"an operator has code {index} of {_codes.Length} and {outputs.Length} outputs.");
        }
        var code = _codes[index];
        var number = Math.Max(code.Byte(TfliteFields.CodeOld), code.Integer(TfliteFields.CodeNew));
        var inputs = table.Integers(TfliteFields.OperatorInputs) ?? [];
        return new(this, (TfliteOperatorCode)number, code.Text(TfliteFields.CodeCustom), table, inputs, outputs);
    }

    /// <summary>
    /// What the outputs depend on. The second input of a RESHAPE does not count: files for batches of any size compute it
    /// from the first one's shape, and the result's own axes say the same.
    /// </summary>
    private List<TfliteOperator> Live(TfliteOperator[] operators)
    {
        var needed = Outputs.Select(output => output.Name).ToHashSet(StringComparer.Ordinal);
        var live = new List<TfliteOperator>();
        foreach (var each in operators.Reverse())
        {
            if (!each.Outputs.Any(index => needed.Contains(Tensor(index).Name)))
            {
                continue;
            }
            live.Add(each);
            var count = each.Code == TfliteOperatorCode.RESHAPE ? 1 : each.Inputs.Length;
            needed.UnionWith(each.Inputs.Take(count).Where(index => index >= 0).Select(index => Tensor(index).Name));
        }
        live.Reverse();
        return live;
    }

    private ModelFormatException Unusual(string fault) =>
        new(_source, $"the file {fault}", "Convert the classifier or backbone alone, from a float32 network.");
}
