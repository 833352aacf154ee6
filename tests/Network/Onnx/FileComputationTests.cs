using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Onnx;
using ILGpuMobileNet.Network.Weights;
using ILGpuMobileNet.Reference;
using ILGpuMobileNet.Reference.Onnx;

namespace ILGpuMobileNet.Network.Tests.Onnx;

/// <summary>Graphs that are read as far as they can be.</summary>
public sealed class FileComputationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly OnnxGraphWriter _writer = new(13);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_node_that_what_follows_makes_nothing_of_has_a_layer_in_its_place()
    {
        var pads = _writer.Integers("pads", 0, 0, 1, 1, 0, 0, 1, 1);
        _writer.Node("Relu", "relu", [_writer.Node("Pad", "pad", ["input", pads])]);

        var found = Read(Convolution("relu"));

        Assert.Equal("operator 'pad' (Pad)", found.Unread);
        Assert.Null(found.LayersBeforeGap);
        Assert.Equal(["pad", "relu", "conv"], found.Graph!.Layers.Select(layer => layer.Name));
        Assert.IsType<UnreadLayer>(found.Graph!.Layers[0]);
    }

    [Fact]
    public void What_reads_a_further_output_of_a_node_that_cannot_be_read_is_left_out()
    {
        _writer.Node("Strange", "strange", [Convolution("input")], ["first", "second"]);
        _writer.Node("Relu", "left", ["first"]);
        _writer.Node("Relu", "right", ["second"]);

        var found = Read(_writer.Node("Add", "sum", ["left", "right"]));

        Assert.Equal("operator 'strange' (Strange)", found.Unread);
        Assert.Equal(2, found.LayersBeforeGap);
        Assert.Equal(["conv", "strange"], found.Graph!.Layers.Select(layer => layer.Name));
        Assert.Equal(2, found.Graph!.OutputId);
    }

    [Fact]
    public void What_has_weights_and_cannot_be_read_is_left_out_with_all_that_reads_it()
    {
        var strange = _writer.Node("Strange", "strange", [Convolution("input"), "conv.weight"]);

        var found = Read(_writer.Node("Relu", "relu", [strange]));

        Assert.Equal(("operator 'strange' (Strange)", 1), (found.Unread, found.LayersBeforeGap));
        Assert.Equal("conv", Assert.Single(found.Graph!.Layers).Name);
    }

    [Fact]
    public void Several_nodes_that_cannot_be_read_are_counted()
    {
        var first = _writer.Node("Strange", "first", [Convolution("input")]);

        Assert.Equal(
            "operators 'first' (Strange) and 1 more",
            Read(_writer.Node("Stranger", "second", [first])).Unread
        );
    }

    [Fact]
    public void A_graph_of_which_nothing_can_be_read_says_why()
    {
        var tensor = _writer.Tensor("weight", new([2], new float[2]));
        var strange = _writer.Node("Strange", "strange", ["input", tensor]);

        var found = Read(_writer.Node("Relu", "relu", [strange]));

        Assert.Null(found.Graph);
        Assert.Contains("1 operators are not supported: 'strange' (Strange): ", found.Fault, StringComparison.Ordinal);
    }

    private string Convolution(string input)
    {
        var weight = _writer.Tensor("conv.weight", new([3, 3, 1, 1], new float[9]));
        return _writer.Node("Conv", "conv", [input, weight]);
    }

    private FileComputation Read(string output)
    {
        _writer.Input("input", null, 3, 8, 8);
        _writer.Output(output, null, 3, 8, 8);
        File.WriteAllBytes(_folder.PathOf("net.onnx"), _writer.ToArray());
        using var file = (OnnxFile)WeightFiles.Open(_folder.PathOf("net.onnx"));
        return file.ReadComputation(Extent.Square(8), default);
    }
}
