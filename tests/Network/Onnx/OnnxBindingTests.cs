using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Architectures;
using ILGpuMobileNet.Network.Execution;
using ILGpuMobileNet.Network.Graph;
using ILGpuMobileNet.Network.Onnx;
using ILGpuMobileNet.Network.Weights;
using ILGpuMobileNet.Reference.Onnx;
using ILGpuMobileNet.Reference.Operations;

namespace ILGpuMobileNet.Network.Tests.Onnx;

/// <summary>ONNX files as weights of an architecture: the numbers of their operators are no weights.</summary>
public sealed class OnnxBindingTests
{
    private static readonly Architecture _v2 = ArchitectureCatalog.Get("mobilenet_v2");

    private static readonly NetworkGraph _graph = _v2.Build(
        new()
        {
            Width = 0.35,
            Classes = 5,
            Resolution = Extent.Square(32),
        }
    );

    private static readonly Model _model = new(_graph, WeightFormula.Create(_graph, seed: 1));

    [Theory]
    [InlineData(9, false)]
    [InlineData(13, false)]
    [InlineData(13, true)]
    public void Weights_of_a_graph_give_what_the_graph_gives(int opset, bool constantNodes)
    {
        var content = OnnxWriter.Write(_model, new(opset, constantNodes));
        using var file = Open(content);

        var fit = WeightIdentity.Identify(file)[0];

        Assert.True(fit.IsExact);
        Assert.Equal("mobilenet_v2 of torchvision, width 0.35, 5 classes", fit.ToString());
        var bound = new Model(_graph, WeightBinding.Bind(file, _graph, fit.Form));
        AssertSameOutput(OnnxModel.Read(content, "x.onnx"), bound);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Only_what_may_be_an_operand_is_left_over(bool constantNodes)
    {
        var writer = new OnnxGraphWriter(17, constantNodes);
        writer.Scalar("bound", 6);
        writer.Integers("shape", 1, 2, 3);
        writer.Tensor("one", new([1, 1, 1], new float[1]));
        writer.Tensor("pair", new([2], new float[2]));
        writer.Node("Relu", "y", ["x"]);
        using var file = Open(writer.ToArray());
        Assert.Equal(4, file.Tensors.Length);
        Assert.Equal(["pair"], new TensorIndex(file).Unused([], scope: ""));
    }

    [Fact]
    public void A_tensor_of_several_numbers_that_is_not_used_is_an_error()
    {
        var extra = new GraphFile();
        foreach (var (name, tensor) in _model.Weights.Tensors)
        {
            extra.Writer.Tensor(name, tensor);
        }
        using var file = Open(extra.Scalar("bound", 6).Floats("extra", 2).Node("Relu", "x", "y").ToArray());
        var fault = Assert.Throws<ModelFormatException>(() => WeightBinding.Bind(file, _graph, _v2.Forms[0]));
        Assert.Contains("1 tensors do not fit", fault.Message, StringComparison.Ordinal);
        Assert.Contains("unused 'extra'", fault.Message, StringComparison.Ordinal);
        Assert.False(WeightIdentity.Identify(file)[0].IsExact);
    }

    private static void AssertSameOutput(Model expected, Model actual)
    {
        var wanted = Output(expected);
        Assert.InRange(Closeness.RelativeError([.. wanted.Select(value => (double)value)], Output(actual)), 0, 1e-5);
        Assert.True(wanted.Max(Math.Abs) > 0);
    }

    private static float[] Output(Model model)
    {
        var input = new float[model.Graph.Input.ElementCount];
        for (var index = 0; index < input.Length; index++)
        {
            input[index] = index % 251 / 125f - 1;
        }
        var output = new float[model.Graph.Output.ElementCount];
        using var session = new CpuSession(model, new(1));
        session.Run(input, output, 1);
        return output;
    }

    private static WeightFile Open(byte[] content) => WeightFiles.Open(new MemoryStream(content), "x.onnx", default);
}
