using System.Buffers.Binary;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Execution;
using ILGpuMobileNet.Network.Graph;
using ILGpuMobileNet.Network.TensorFlow;
using ILGpuMobileNet.Network.Tests.Onnx;
using ILGpuMobileNet.Network.Tests.Weights;
using ILGpuMobileNet.Network.Weights;
using ILGpuMobileNet.Reference.Operations;
using static ILGpuMobileNet.Network.TensorFlow.TfliteOperatorCode;

namespace ILGpuMobileNet.Network.Tests.TensorFlow;

public class TfliteTests
{
    /// <summary>Networks to write files from.</summary>
    internal static Model[] Networks { get; } =
    [SmallNetworks.V2(), V3(), SmallNetworks.LinearGate(), SmallNetworks.FeatureMap()];

    public static TheoryData<string, bool> Files
    {
        get
        {
            var files = new TheoryData<string, bool>();
            foreach (var name in Networks.Select(model => model.Graph.Name))
            {
                files.Add(name, false);
                files.Add(name, true);
            }
            return files;
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void A_file_computes_what_the_network_does_that_it_was_written_from(string name, bool isHalf)
    {
        var model = Networks.Single(network => network.Graph.Name == name);
        var read = Read(TfliteWriter.Write(model, isHalf));
        read.Weights.Check(read.Graph);
        // Eleven bits of mantissa instead of twenty-four.
        Assert.InRange(
            Closeness.RelativeError([.. Run(model).Select(value => (double)value)], Run(read)),
            0,
            isHalf ? 3e-3 : 1e-5
        );
        Assert.Equal(Activations(model), Activations(read));
    }

    [Fact]
    public void Weights_in_float16_are_read_exactly()
    {
        var file = new TfliteFile { IsHalf = true };
        var input = file.Input(1, 4, 4, 1);
        float[] values = [1.5f, -65504, 5.9604645e-8f, 0.333251953125f];
        var weights = file.Weights("w", [4, 1, 1, 1], values);
        var model = file.Read(file.Operator(CONV_2D, [input, weights], ("y", [1, 4, 4, 4]), _strideOne));
        Assert.Equal(values, model.Weights.Tensors.Values.Single().Data.ToArray());
    }

    [Theory]
    [InlineData(13, 17, 3, 2, 1)]
    [InlineData(8, 8, 5, 2, 1)]
    [InlineData(9, 7, 3, 1, 2)]
    public void Same_padding_is_that_of_TensorFlow(int height, int width, int kernel, int stride, int dilation)
    {
        var file = new TfliteFile();
        var input = file.Input(1, height, width, 3);
        var weights = file.Weights("w", [1, kernel, kernel, 3], new float[3 * kernel * kernel]);
        var output = file.Operator(
            DEPTHWISE_CONV_2D,
            [input, weights],
            ("y", [1, 1, 1, 3]),
            (1, stride),
            (2, stride),
            (4, (byte)3),
            (5, dilation),
            (6, dilation)
        );
        var layers = file.Read(output).Graph.Layers;
        var reach = Extent.Square((kernel - 1) * dilation + 1);
        var expected = Padding.Same(new(height, width), reach, Extent.Square(stride));
        var convolution = Assert.IsType<ConvolutionLayer>(layers[0]);
        Assert.True(convolution.Geometry.IsDepthwise);
        Assert.Equal(expected, convolution.Geometry.Window.Padding);
        Assert.Equal(Activation.Relu6, Assert.IsType<ActivationLayer>(layers[1]).Activation);
    }

    [Fact]
    public void Poolings_products_and_differences_are_read()
    {
        var file = new TfliteFile();
        var x = file.Input(1, 8, 8, 3);
        (int, object)[] window = [(1, 2), (2, 2), (3, 3), (4, 3)];
        x = file.Operator(MAX_POOL_2D, [x], ("max", [1, 4, 4, 3]), [.. window, (5, (byte)1)]);
        x = file.Operator(AVERAGE_POOL_2D, [x], ("mean", [1, 2, 2, 3]), window);
        x = file.Operator(SUB, [x, file.Weights("one", [1, 1, 1, 1], [1])], ("sub", [1, 2, 2, 3]));
        x = file.Operator(DIV, [x, file.Weights("two", [1], [2])], ("div", [1, 2, 2, 3]));
        x = file.Operator(AVERAGE_POOL_2D, [x], ("pool", [1, 1, 1, 3]), (0, (byte)1), (1, 1), (2, 1), (3, 2), (4, 2));
        x = file.Operator(SQUEEZE, [x], ("flat", [1, 3]), (0, FlatBytes.Of([1, 2])));
        var weights = file.Weights("w", [2, 3], new float[6]);
        var layers = file.Read(file.Operator(FULLY_CONNECTED, [x, weights], ("y", [1, 2]), (0, (byte)1))).Graph.Layers;
        Assert.Equal(
            [
                "PoolLayer",
                "ActivationLayer",
                "PoolLayer",
                "BatchNormLayer",
                "GlobalAveragePoolLayer",
                "LinearLayer",
                "ActivationLayer",
            ],
            layers.Select(layer => layer.GetType().Name)
        );
    }

    [Fact]
    public void An_open_input_takes_the_size_that_is_asked_for()
    {
        var file = new TfliteFile();
        var signature = (TfliteFields.TensorSignature, (object)FlatBytes.Of([-1, -1, -1, 3]));
        file.Inputs = [file.Tensor("input", [1, 1, 1, 3], TfliteType.FLOAT32, null, signature)];
        var output = file.Operator(RELU, file.Inputs, ("y", [1, 1, 1, 3]));
        Assert.Equal(new FeatureShape(6, 4, 3), file.Read(output, new Extent(6, 4)).Graph.Output);
        file.AssertFault(output, "symbolic Height");
    }

    [Fact]
    public void Files_are_read_from_disk()
    {
        using var file = new TemporaryFile(TfliteWriter.Write(Networks[0], isHalf: false));
        Assert.Equal(Networks[0].Graph.Output, TfliteModel.Read(file.Path).Graph.Output);
        var cancelled = new CancellationToken(canceled: true);
        Assert.Throws<OperationCanceledException>(() => TfliteModel.Read(file.Path, null, cancelled));
    }

    [Theory]
    [InlineData(RESIZE_BILINEAR, "'y' (RESIZE_BILINEAR)", "without upsampling")]
    [InlineData(PRELU, "'y' (PRELU)", "use ReLU")]
    [InlineData(RELU_N1_TO_1, "(RELU_N1_TO_1)", "use ReLU")]
    [InlineData(CUSTOM, "(CUSTOM Detect)", "convert the network without it")]
    [InlineData((TfliteOperatorCode)205, "(205)", "convert the network without it")]
    internal void Operators_that_are_not_read_are_named(TfliteOperatorCode code, params string[] expected)
    {
        var file = new TfliteFile();
        var input = file.Input(1, 4, 4, 3);
        file.AssertFault(file.Operator(code, [input], ("y", [1, 4, 4, 3])), expected);
    }

    [Fact]
    public void QuantisedNetworks_are_refused_with_the_remedy()
    {
        var file = new TfliteFile();
        var input = file.Input(1, 4, 4, 3);
        var weights = file.Tensor("w", [3, 1, 1, 3], TfliteType.INT8, new byte[9]);
        file.AssertFault(
            file.Operator(CONV_2D, [input, weights], ("y", [1, 4, 4, 3]), _strideOne),
            "'w' is INT8",
            "quantised to integers",
            "float16"
        );
    }

    [Theory]
    [InlineData(CONV_2D, 3, (byte)2, "fused with RELU_N1_TO_1")]
    [InlineData(CONV_2D, 3, (byte)4, "fused with activation 4")]
    [InlineData(CONV_2D, 0, (byte)2, "padding 2")]
    [InlineData(CONV_2D, 1, 0, "expected a height and a width")]
    [InlineData(CONV_2D, 4, -1, "expected a height and a width")]
    [InlineData(FULLY_CONNECTED, 1, (byte)1, "shuffled weights")]
    [InlineData(FULLY_CONNECTED, 2, (byte)1, "keeps several axes")]
    [InlineData(SOFTMAX, 0, 2f, "beta 2")]
    internal void Parameters_are_checked(TfliteOperatorCode code, int field, object value, string expected)
    {
        var file = new TfliteFile();
        var input = file.Input(1, 4, 4, 3);
        var weights = file.Weights("w", [3, 1, 1, 3], new float[9]);
        (int, object)[] options = [.. _strideOne.Where(option => option.Item1 != field), (field, value)];
        file.AssertFault(file.Operator(code, [input, weights], ("y", [1, 4, 4, 3]), options), expected);
    }

    [Fact]
    public void Inputs_are_checked()
    {
        var file = new TfliteFile();
        var x = file.Input(1, 4, 4, 3);
        int Relu(int input) => file.Operator(RELU, [input], ("y", [1, 4, 4, 3]));
        file.AssertFault(Relu(-1), "has no input 0");
        file.AssertFault(file.Operator(CONV_2D, [x], ("y", [1, 4, 4, 3]), _strideOne), "has no input 1");
        file.AssertFault(file.Operator(CONV_2D, [x, x], ("y", [1, 4, 4, 3]), _strideOne), "expected a constant");
        file.AssertFault(Relu(file.Tensor("t", [1], TfliteType.FLOAT32)), "reads 't', which neither the file nor");
        file.AssertFault(file.Operator(MEAN, [x, x], ("y", [1, 3])), "expected constant whole numbers");
        var many = file.Integers("many", [1025], new int[1025]);
        file.AssertFault(file.Operator(MEAN, [x, many], ("y", [1, 3])), "1025 whole numbers");
        file.AssertFault(Relu(many), "'many' is INT32, expected weights");
        var more = file.Integers("more", [4, 2], 0, 0, 1, 1, 1, 1, 0, 1);
        file.AssertFault(Relu(file.Operator(PAD, [x, more], ("p", [1, 6, 6, 4]))), "rows and columns only");
        var padded = file.Operator(PADV2, [x, more, file.Weights("v", [], [1])], ("p2", [1, 6, 6, 4]));
        file.AssertFault(Relu(padded), "something else than zeros");
        file.AssertFault(file.Operator(RESHAPE, [x], ("y", [2, 24])), "expected the batch first in both");
        file.AssertFault(file.Operator(RESHAPE, [x], ("y", [1, 24])), "another number of elements");
        file.AssertFault(file.Operator(RESHAPE, [x], ("y", [1, 48])), "Pool to one position");
    }

    [Fact]
    public void Tensors_are_checked()
    {
        AssertTensorFault("has 8 bytes", [1, 1, 1, 3], TfliteType.FLOAT32, new byte[8]);
        AssertTensorFault("has 12 bytes", [1, 1, 1, 3], TfliteType.FLOAT16, new byte[12]);
        AssertTensorFault("of FLOAT32 has", [65536, 65536, 1, 1], TfliteType.FLOAT32, new byte[8]);
        AssertTensorFault("of FLOAT32 has", [1, -1, 1, 3], TfliteType.FLOAT32, new byte[8]);
        AssertTensorFault("refers to buffer", [3], TfliteType.FLOAT32, null, (TfliteFields.TensorBuffer, 99));
        AssertTensorFault("refers to buffer", [3], TfliteType.FLOAT32, null, (TfliteFields.TensorBuffer, -1));
        AssertTensorFault(
            "sparse tensor 'w'",
            [3],
            TfliteType.FLOAT32,
            null,
            (TfliteFields.TensorSparsity, new FlatFields())
        );
    }

    [Fact]
    public void One_graph_with_one_input_is_read()
    {
        var file = new TfliteFile();
        var x = file.Input(1, 4, 4, 3);
        var y = file.Operator(RELU, [x], ("y", [1, 4, 4, 3]));
        file.Outputs = [y, x];
        AssertFault(file.Write(), "output 'input' is the input itself");
        file.Outputs = [];
        AssertFault(file.Write(), "has 0 outputs");
        (file.Outputs, file.Inputs) = ([y], []);
        AssertFault(file.Write(), "has 0 inputs");
        file.Inputs = [x, x];
        AssertFault(file.Write(), "has several inputs");
        file.Inputs = [x];
        AssertFault(file.Write(graphCount: 2), "has 2 graphs");
        file.Outputs = [77];
        AssertFault(file.Write(), "tensor 77 of 2");
        file.Operator(RELU, [x], [y]);
        file.Outputs = [y];
        AssertFault(file.Write(), "produces 'y', which exists already");
        file.Operator(RELU, [x], []);
        AssertFault(file.Write(), "0 outputs");
    }

    [Fact]
    public void A_value_before_it_is_computed_is_an_error()
    {
        var file = new TfliteFile();
        var x = file.Input(1, 4, 4, 3);
        var late = file.Tensor("late", [1, 4, 4, 3], TfliteType.FLOAT32);
        var y = file.Operator(ADD, [x, late], ("y", [1, 4, 4, 3]));
        file.Operator(RELU, [y], [late]);
        file.AssertFault(y, "reads 'late'");
    }

    [Fact]
    public void Other_files_are_told_apart()
    {
        AssertFault([1, 2, 3], "expected a TensorFlow Lite file");
        AssertFault([.. "PK\u0003\u0004"u8, .. new byte[60]], "a zip archive");
    }

    [Fact]
    public void Every_cut_and_every_wild_number_is_an_error_or_harmless()
    {
        var file = TfliteWriter.Write(SmallNetworks.FeatureMap(), isHalf: false);
        Assert.All(
            Enumerable.Range(0, file.Length / 4),
            i => Assert.Throws<ModelFormatException>(() => Read(file[..(4 * i)]))
        );
        foreach (var wild in new[] { int.MaxValue, int.MinValue, -1, 0, 1 << 28 })
        {
            for (var at = 0; at + 4 <= file.Length; at += 4)
            {
                var changed = (byte[])file.Clone();
                BinaryPrimitives.WriteInt32LittleEndian(changed.AsSpan(at), wild);
                _ = Record(() => Read(changed));
            }
        }
    }

    [Fact]
    public void One_vector_may_not_be_counted_a_thousand_times()
    {
        var file = new TfliteFile();
        var x = file.Input(1, 4, 4, 3);
        var data = new byte[4 * 65536];
        var shared = file.Tensor("w0", [65536], TfliteType.FLOAT32, data);
        for (var i = 1; i < 20; i++)
        {
            var again = file.Tensor($"w{i}", [65536], TfliteType.FLOAT32, null, (TfliteFields.TensorBuffer, 1));
            x = file.Operator(ADD, [x, again], ($"y{i}", [1, 4, 4, 3]));
        }
        Assert.Equal(1, shared);
        file.AssertFault(x, "refer to more elements");
    }

    [Fact]
    public void Mutated_files_are_read_or_refused()
    {
        const int caseCount = 6000;
        byte[][] seeds =
        [
            .. Networks.SelectMany(model =>
                new[] { TfliteWriter.Write(model, false), TfliteWriter.Write(model, true) }
            ),
        ];
        var accepted = Mutation.Run(seeds, caseCount, file => Read(file));
        Assert.InRange(accepted, 1, caseCount - 1);
    }

    private static readonly (int, object)[] _strideOne = [(0, (byte)1), (1, 1), (2, 1)];

    /// <summary>A gate of convolutions, decomposed hard-sigmoid, hard-swish, SiLU, dilation and an uneven window.</summary>
    private static Model V3()
    {
        var builder = new GraphBuilder("v3_like", new(16, 24, 3));
        var stem = new Window(Extent.Square(3), Extent.Square(2), Extent.Square(1), new(0, 0, 1, 1));
        var x = builder.Convolution("stem", builder.Input, 8, stem, new());
        x = builder.Activation("stem.act", builder.BatchNorm("stem.bn", x, 1e-3), Activation.HardSwish);
        var window = new Window(Extent.Square(5), new(2, 1), Extent.Square(1), new(1, 2, 2, 2));
        x = builder.Activation(
            "dw.act",
            builder.Convolution("dw", x, 8, window, new(8, HasBias: true)),
            Activation.Silu
        );
        var gate = builder.GlobalAveragePool("se.pool", x);
        gate = builder.Convolution("se.fc1", gate, 2, Window.Pointwise, new(HasBias: true));
        gate = builder.Activation("se.relu", gate, Activation.Relu);
        gate = builder.Convolution("se.fc2", gate, 8, Window.Pointwise, new(HasBias: true));
        x = builder.Scale("se.scale", x, builder.Activation("se.gate", gate, Activation.HardSigmoid()));
        var dilated = new Window(Extent.Square(3), Extent.Square(1), Extent.Square(2), new(2, 2, 2, 2));
        x = builder.Activation("wide.act", builder.Convolution("wide", x, 6, dilated, new()), Activation.Relu6);
        var y = builder.Linear("fc", builder.GlobalAveragePool("pool", x), 3);
        var graph = builder.Build(builder.Activation("fc.act", y, Activation.Sigmoid));
        return new(graph, WeightFormula.Create(graph, seed: 1));
    }

    private static IEnumerable<Activation> Activations(Model model) =>
        model.Graph.Layers.OfType<ActivationLayer>().Select(layer => layer.Activation);

    private static float[] Run(Model model)
    {
        var input = TestValues.Uniform(1, model.Graph.Input.ElementCount);
        var output = new float[model.Graph.Output.ElementCount];
        using var session = new CpuSession(model, new(1));
        session.Run(input, output, 1);
        return output;
    }

    private static Model Read(byte[] content) => TfliteFile.Read(content);

    private static bool Record(Action read)
    {
        try
        {
            read();
            return true;
        }
        catch (ModelFormatException)
        {
            return false;
        }
    }

    private static void AssertFault(byte[] content, string expected) =>
        Assert.Contains(
            expected,
            Assert.Throws<ModelFormatException>(() => Read(content)).Message,
            StringComparison.Ordinal
        );

    private static void AssertTensorFault(
        string expected,
        int[] shape,
        TfliteType type,
        byte[]? data,
        params (int, object)[] more
    )
    {
        var file = new TfliteFile();
        var x = file.Input(1, 4, 4, 3);
        var tensor = file.Tensor("w", shape, type, data, more);
        file.AssertFault(file.Operator(ADD, [x, tensor], ("y", [1, 4, 4, 3])), expected);
    }
}
