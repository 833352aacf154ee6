using System.Runtime.InteropServices;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.TensorFlow;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Network.Tests.TensorFlow;

/// <summary>Builds TensorFlow Lite files byte by byte, good ones and others. Tensors are known by their numbers.</summary>
internal sealed class TfliteFile
{
    /// <summary>The kinds of parameters, by their numbers in TensorFlow Lite's union of them.</summary>
    private static readonly Dictionary<TfliteOperatorCode, byte> _optionTypes = new()
    {
        [TfliteOperatorCode.CONV_2D] = 1,
        [TfliteOperatorCode.DEPTHWISE_CONV_2D] = 2,
        [TfliteOperatorCode.AVERAGE_POOL_2D] = 5,
        [TfliteOperatorCode.MAX_POOL_2D] = 5,
        [TfliteOperatorCode.FULLY_CONNECTED] = 8,
        [TfliteOperatorCode.SOFTMAX] = 9,
        [TfliteOperatorCode.CONCATENATION] = 10,
        [TfliteOperatorCode.ADD] = 11,
        [TfliteOperatorCode.RESHAPE] = 17,
        [TfliteOperatorCode.MUL] = 21,
        [TfliteOperatorCode.PAD] = 22,
        [TfliteOperatorCode.TRANSPOSE] = 26,
        [TfliteOperatorCode.MEAN] = 27,
        [TfliteOperatorCode.SUB] = 28,
        [TfliteOperatorCode.DIV] = 29,
        [TfliteOperatorCode.SQUEEZE] = 30,
        [TfliteOperatorCode.STRIDED_SLICE] = 32,
        [TfliteOperatorCode.SPLIT] = 35,
        [TfliteOperatorCode.SHAPE] = 55,
        [TfliteOperatorCode.PACK] = 59,
        [TfliteOperatorCode.MAXIMUM] = 39,
        [TfliteOperatorCode.MINIMUM] = 39,
        [TfliteOperatorCode.SPLIT_V] = 79,
        [TfliteOperatorCode.ADD_N] = 77,
    };

    private readonly List<FlatPart> _buffers = [new FlatFields()];
    private readonly List<FlatPart> _tensors = [];
    private readonly List<FlatPart> _operators = [];
    private readonly List<FlatPart> _codes = [];
    private readonly List<int[]> _shapes = [];

    /// <summary>Whether weights are stored as float16, with a DEQUANTIZE behind each.</summary>
    public bool IsHalf { get; init; }

    /// <summary>Numbers of the graph's inputs.</summary>
    public int[] Inputs { get; set; } = [];

    /// <summary>Numbers of the graph's outputs.</summary>
    public int[] Outputs { get; set; } = [];

    /// <summary>Shape of a tensor.</summary>
    public int[] Shape(int tensor) => _shapes[tensor];

    /// <summary>The graph's input.</summary>
    public int Input(params int[] shape)
    {
        var input = Tensor("input", shape, TfliteType.FLOAT32);
        Inputs = [input];
        return input;
    }

    /// <summary>A tensor with any fields.</summary>
    public int Tensor(string name, int[] shape, TfliteType type, byte[]? data = null, params (int, object)[] more)
    {
        var buffer = 0;
        if (data is not null)
        {
            buffer = _buffers.Count;
            _buffers.Add(new FlatFields((TfliteFields.BufferData, FlatBytes.Of(data))));
        }
        (int, object)[] fields =
        [
            (TfliteFields.TensorShape, FlatBytes.Of(shape)),
            (TfliteFields.TensorType, (byte)type),
            (TfliteFields.TensorBuffer, buffer),
            (TfliteFields.TensorName, FlatBytes.Of(name)),
        ];
        _tensors.Add(
            new FlatFields([.. fields.Where(field => !more.Any(other => other.Item1 == field.Item1)), .. more])
        );
        _shapes.Add(shape);
        return _tensors.Count - 1;
    }

    /// <summary>Weights.</summary>
    public int Weights(string name, int[] shape, float[] values)
    {
        if (!IsHalf)
        {
            return Tensor(name, shape, TfliteType.FLOAT32, MemoryMarshal.AsBytes(values.AsSpan()).ToArray());
        }
        var halves = Array.ConvertAll(values, value => (Half)value);
        var packed = Tensor($"{name}_f16", shape, TfliteType.FLOAT16, MemoryMarshal.AsBytes(halves.AsSpan()).ToArray());
        return Operator(TfliteOperatorCode.DEQUANTIZE, [packed], (name, shape));
    }

    /// <summary>Whole numbers.</summary>
    public int Integers(string name, int[] shape, params int[] values) =>
        Tensor(name, shape, TfliteType.INT32, MemoryMarshal.AsBytes(values.AsSpan()).ToArray());

    /// <summary>An operator with one output.</summary>
    /// <returns>The output.</returns>
    public int Operator(
        TfliteOperatorCode code,
        int[] inputs,
        (string Name, int[] Shape) output,
        params (int, object)[] options
    )
    {
        var result = Tensor(output.Name, output.Shape, TfliteType.FLOAT32);
        Operator(code, inputs, [result], options);
        return result;
    }

    /// <summary>An operator.</summary>
    public void Operator(TfliteOperatorCode code, int[] inputs, int[] outputs, params (int, object)[] options)
    {
        _operators.Add(
            new FlatFields(
                (TfliteFields.OperatorCode, _codes.Count),
                (TfliteFields.OperatorInputs, FlatBytes.Of(inputs)),
                (TfliteFields.OperatorOutputs, FlatBytes.Of(outputs)),
                (TfliteFields.OperatorOptions - 1, _optionTypes.GetValueOrDefault(code)),
                (TfliteFields.OperatorOptions, new FlatFields(options))
            )
        );
        // Numbers below 127 are in both fields, as converters write them.
        var old = (byte)Math.Min((int)code, 127);
        (int, object)[] fields = [(TfliteFields.CodeOld, old), (TfliteFields.CodeNew, (int)code)];
        _codes.Add(
            new FlatFields(
                code == TfliteOperatorCode.CUSTOM
                    ? [.. fields, (TfliteFields.CodeCustom, FlatBytes.Of("Detect"))]
                    : fields
            )
        );
    }

    /// <summary>An operator with several outputs, numbered at the end of their name.</summary>
    /// <returns>The outputs.</returns>
    public int[] Parts(
        TfliteOperatorCode code,
        int[] inputs,
        (string Name, int[][] Shapes) outputs,
        params (int, object)[] options
    )
    {
        int[] parts = [.. outputs.Shapes.Select((shape, i) => Tensor($"{outputs.Name}{i}", shape, TfliteType.FLOAT32))];
        Operator(code, inputs, parts, options);
        return parts;
    }

    /// <summary>The file.</summary>
    /// <param name="graphCount">How often the graph is in it.</param>
    public byte[] Write(int graphCount = 1)
    {
        var graph = new FlatFields(
            (TfliteFields.GraphTensors, new FlatList([.. _tensors])),
            (TfliteFields.GraphInputs, FlatBytes.Of(Inputs)),
            (TfliteFields.GraphOutputs, FlatBytes.Of(Outputs)),
            (TfliteFields.GraphOperators, new FlatList([.. _operators]))
        );
        var model = new FlatFields(
            (0, 3),
            (TfliteFields.ModelOperatorCodes, new FlatList([.. _codes])),
            (TfliteFields.ModelSubgraphs, new FlatList([.. Enumerable.Repeat(graph, graphCount)])),
            (TfliteFields.ModelBuffers, new FlatList([.. _buffers]))
        );
        return FlatPart.Write(model, "TFL3");
    }

    /// <summary>What is read from the file whose output is a tensor.</summary>
    public Model Read(int output, Extent? resolution = null)
    {
        Outputs = [output];
        return Read(Write(), resolution);
    }

    /// <summary>What is read from a file in memory.</summary>
    public static Model Read(byte[] content, Extent? resolution = null)
    {
        using var stream = new MemoryStream(content);
        return TfliteModel.Read(stream, "folder/x.tflite", resolution, CancellationToken.None);
    }

    /// <summary>Fails unless the file whose output is a tensor is refused with these texts.</summary>
    public void AssertFault(int output, params string[] expected)
    {
        var fault = Assert.Throws<ModelFormatException>(() => Read(output));
        Assert.All(expected, part => Assert.Contains(part, fault.Message, StringComparison.Ordinal));
    }
}
