using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Graph;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Network.Onnx;

/// <summary>Walks the nodes in file order and builds the network; names are resolved here, operators elsewhere.</summary>
internal sealed class OnnxImporter
{
    private const int OldestOpset = 7;
    private const int NewestOpset = 21;

    private readonly OnnxGraph _graph;
    private readonly OnnxNames _names;
    private readonly Dictionary<string, Operand> _operands = new(StringComparer.Ordinal);
    private readonly UniqueNames _layerNames = new();
    private readonly OnnxExternalData? _external;
    private readonly CancellationToken _cancellationToken;
    private GraphBuilder? _builder;

    // Where what cannot be read is passed over.
    private UnreadOperators? _unread;

    public OnnxImporter(
        string source,
        OnnxGraph graph,
        int fileSizeInBytes,
        OnnxExternalData? external,
        CancellationToken cancellationToken
    )
    {
        Source = source;
        _graph = graph;
        _external = external;
        _cancellationToken = cancellationToken;
        CheckOpset();
        _names = new OnnxNames(graph, source);
        Weights = new(source, fileSizeInBytes);
    }

    /// <summary>Path of the file.</summary>
    public string Source { get; }

    /// <summary>What a user can do about a graph that contradicts itself.</summary>
    public string DamagedRemedy => _graph.DamagedRemedy;

    /// <summary>Version of ONNX's own operator set.</summary>
    public long Opset => _graph.Opset;

    /// <summary>Where layers are appended.</summary>
    public GraphBuilder Builder => _builder!;

    /// <summary>The weights that the layers use.</summary>
    public OnnxWeights Weights { get; }

    /// <summary>The batch that the file fixes, or null where it is symbolic.</summary>
    public long? StaticBatch { get; private set; }

    /// <summary>Imports the graph.</summary>
    /// <param name="options">The input's shape where the file leaves it open.</param>
    /// <exception cref="ModelFormatException">The graph is not valid, or needs what is not supported.</exception>
    public NetworkGraph Import(OnnxReadOptions options)
    {
        OnnxOperators.CheckSupported(_names.LiveNodes, Source);
        AddInput(options);
        foreach (var node in _names.LiveNodes)
        {
            Import(node);
        }
        return WithOutputs([.. _names.Outputs.Select(output => ReadOutput(output).Value)]);
    }

    /// <summary>Imports what can be read of the graph; its outputs may be values that what cannot be read follows.</summary>
    /// <param name="resolution">The input's size where the file leaves it open.</param>
    /// <exception cref="ModelFormatException">The graph is not valid, or nothing can be read.</exception>
    public (NetworkGraph Graph, UnreadOperators Unread) ImportReadable(Extent resolution)
    {
        _unread = new(this, _names);
        AddInput(new() { Resolution = resolution, IsPartial = true });
        ModelFormatException? first = null;
        foreach (var node in _names.LiveNodes)
        {
            if (!TryImport(node, ref first))
            {
                _unread.PassOver(node);
            }
        }
        if (ReadableGraph() is { } graph)
        {
            return (graph, _unread);
        }
        OnnxOperators.CheckSupported(_names.LiveNodes, Source);
        throw first ?? Fault("no operator of it computes anything.", "Export a network that computes something.");
    }

    private bool TryImport(OnnxNode node, ref ModelFormatException? first)
    {
        if (!OnnxOperators.IsSupported(node))
        {
            return false;
        }
        try
        {
            Import(node);
            return true;
        }
        catch (ModelFormatException fault)
        {
            first ??= fault;
            return false;
        }
    }

    private void Import(OnnxNode node)
    {
        _cancellationToken.ThrowIfCancellationRequested();
        var operation = new OnnxOperation(this, node);
        if (node.Outputs is [var output, ..])
        {
            _operands[output] = Guarded(() => OnnxOperators.Import(operation));
        }
    }

    /// <summary>Imports the graph and reads its weights.</summary>
    /// <param name="options">The input's shape where the file leaves it open.</param>
    /// <exception cref="ModelFormatException">The graph is not valid, or needs what is not supported.</exception>
    public Model ImportModel(OnnxReadOptions options)
    {
        var graph = Import(options);
        return new(graph, Weights.ToWeightSet());
    }

    /// <summary>What a name stands for.</summary>
    /// <param name="name">Name of an input, an initializer or a node's output.</param>
    public Operand Resolve(string name)
    {
        if (_operands.TryGetValue(name, out var operand))
        {
            return operand;
        }
        if (!_names.Tensors.TryGetValue(name, out var tensor))
        {
            throw Fault($"value '{name}' is an additional output of its node, which is not computed.", DamagedRemedy);
        }
        var constant = OnnxTensorDecoder.Decode(tensor, name, Source, _external, _cancellationToken);
        if (tensor.External is not null)
        {
            Weights.AllowFor(constant);
        }
        return _operands[name] = constant;
    }

    /// <summary>Appends what was deferred and remembers it under its name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="deferred">What it stands for.</param>
    public Feature Emit(string name, Deferred deferred)
    {
        var feature = Emitted(name, deferred);
        _operands[name] = feature;
        return feature;
    }

    private Feature Emitted(string name, Deferred deferred)
    {
        try
        {
            return Guarded(deferred.Emit);
        }
        catch (ModelFormatException) when (_unread is not null && deferred.Origin is not null)
        {
            return _unread.Replace(name, deferred.Origin);
        }
    }

    /// <summary>Whether a name stands for something that was read.</summary>
    /// <param name="name">The name.</param>
    public bool IsKnown(string name) => _operands.ContainsKey(name) || _names.Tensors.ContainsKey(name);

    /// <summary>The computed value that a name stands for; null where it stands for none.</summary>
    /// <param name="name">The name.</param>
    public Feature? Computed(string name) =>
        _operands.GetValueOrDefault(name) is { } operand
            ? operand as Feature ?? (operand is Deferred deferred ? Emit(name, deferred) : null)
            : null;

    /// <summary>Whether a name stands for several numbers of the file, not a single one.</summary>
    /// <param name="name">The name.</param>
    public bool IsWeight(string name) =>
        _operands.GetValueOrDefault(name) switch
        {
            Constant constant => constant.Floats is { Count: > 1 },
            null => _names.Tensors.GetValueOrDefault(name) is { } tensor
                && tensor.Type.ToElementType() is { } type
                && Elements.AreWeights(type)
                && tensor.Dims.Any(axis => axis != 1),
            _ => false,
        };

    /// <summary>Remembers what a name stands for.</summary>
    /// <param name="name">The name.</param>
    /// <param name="operand">What it stands for.</param>
    public void Define(string name, Operand operand) => _operands[name] = operand;

    /// <summary>True when something reads a value.</summary>
    /// <param name="name">Its name.</param>
    public bool IsRead(string name) => _names.ReaderCount(name) > 0;

    /// <summary>True when one node and nothing else reads a value.</summary>
    /// <param name="name">Its name.</param>
    public bool HasOneReader(string name) => _names.ReaderCount(name) == 1;

    /// <summary>A layer name that is not taken yet.</summary>
    /// <param name="node">The node it stands for.</param>
    public string LayerName(OnnxNode node) => _layerNames.Next(node.Name.Length > 0 ? node.Name : node.Outputs[0]);

    private T Guarded<T>(Func<T> import)
        where T : Operand
    {
        try
        {
            var operand = import();
            return operand is Feature { Value.Shape: { ElementCount: > int.MaxValue } shape }
                ? throw Fault($"a value has {shape}, 2^31 elements or more for one image.", "Use a smaller input.")
                : operand;
        }
        // The builder's own checks; its message names the layer.
        catch (ArgumentException fault)
        {
            throw Fault(fault.Message, DamagedRemedy);
        }
    }

    private void CheckOpset()
    {
        if (Opset is < OldestOpset or > NewestOpset)
        {
            var got = Opset == 0 ? "names no version of ONNX's operators" : $"uses operator set {Opset}";
            throw Fault(
                $"{got}, expected {OldestOpset} to {NewestOpset}.",
                "Export it for such a version, or convert it with onnx.version_converter."
            );
        }
    }

    private void AddInput(OnnxReadOptions options)
    {
        var input = new OnnxInput(_names.Input, _names.InputIsTransposed, Source);
        var shape = input.Shape(options);
        StaticBatch = input.StaticBatch;
        _operands[_names.Input.Name] = Guarded(() =>
        {
            _builder = new(Path.GetFileNameWithoutExtension(Source), shape);
            return Feature.WithAxes(Builder.Input, input.Axes);
        });
    }

    // Where an output cannot be read, all that nothing reads is an output.
    private NetworkGraph? ReadableGraph()
    {
        var outputs = _names.Outputs.Select(output => Computed(output.Name)).ToList();
        List<Value> computed =
        [
            .. _operands.Values.OfType<Feature>().Select(feature => feature.Value).Where(value => value.Id > 0),
        ];
        if (computed.Count == 0)
        {
            return null;
        }
        var graph = Builder.Build(computed.MaxBy(value => value.Id));
        var read = graph.Layers.SelectMany(layer => layer.Inputs).ToHashSet();
        var known = outputs.OfType<Feature>().Select(output => output.Value.Id);
        var ends = outputs.Contains(null) ? computed.Select(value => value.Id).Where(id => !read.Contains(id)) : [];
        return graph.WithOutputs([.. known.Concat(ends).Where(id => id > 0).Distinct()]);
    }

    private NetworkGraph WithOutputs(Value[] outputs)
    {
        int[] ids = [.. outputs.Select(output => output.Id)];
        if (ids.Distinct().Count() < ids.Length)
        {
            var names = string.Join(", ", _names.Outputs.Select(output => $"'{output.Name}'"));
            throw Fault($"two of its outputs {names} are one value.", "Export each result once.");
        }
        return Builder.Build(outputs[0]).WithOutputs(ids) with { OutputNames = _graph.OutputNames };
    }

    private Feature ReadOutput(OnnxValueInfo output)
    {
        var feature = Resolve(output.Name) switch
        {
            Feature known => known,
            Deferred deferred => Emit(output.Name, deferred),
            _ => throw Fault($"output '{output.Name}' is a constant.", "Export a network that computes something."),
        };
        if (feature.Value.Id == 0)
        {
            throw Fault($"output '{output.Name}' is the input itself.", "Export a network that computes something.");
        }
        if (!feature.IsNchw && !feature.IsVector)
        {
            throw Fault(
                $"output '{output.Name}' has axes {string.Join(", ", feature.Axes)}, expected [N, C, H, W].",
                "Remove the last Transpose."
            );
        }
        CheckDeclaration(output, feature);
        return feature;
    }

    private void CheckDeclaration(OnnxValueInfo output, Feature feature)
    {
        if (output.Dims.IsDefault)
        {
            return;
        }
        var dims = feature.Dims();
        var fits =
            dims.Length == output.Dims.Length
            && dims.Zip(output.Dims).All(axis => axis.First < 0 || axis.Second is not { } size || size == axis.First);
        if (!fits)
        {
            var declared = string.Join(", ", output.Dims.Select(size => size?.ToString() ?? "?"));
            throw Fault(
                $"output '{output.Name}' is declared as [{declared}], but its nodes compute {feature.DimsText()}.",
                DamagedRemedy
            );
        }
    }

    private ModelFormatException Fault(string fault, string remedy) => new(Source, fault, remedy);
}
