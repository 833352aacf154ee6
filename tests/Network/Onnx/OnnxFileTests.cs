using ILGpuMobileNet.Network.Onnx;
using ILGpuMobileNet.Network.Tests.Weights;
using ILGpuMobileNet.Network.Weights;
using ILGpuMobileNet.Reference.Onnx;

namespace ILGpuMobileNet.Network.Tests.Onnx;

/// <summary>ONNX files as files of tensors.</summary>
public class OnnxFileTests
{
    [Theory]
    [InlineData("v2_opset9.onnx")]
    [InlineData("v1_external.onnx")]
    [InlineData("mixnet_opset17.onnx")]
    public void Tensors_are_listed_and_read_as_the_network_has_them(string name)
    {
        using var file = WeightFiles.Open(OnnxGolden.PathOf(name));
        var weights = OnnxModel.Read(file.Path).Weights.Tensors;
        Assert.Equal(WeightFormat.Onnx, file.Format);
        Assert.Equal("pytorch", file.Metadata["producer_name"]);
        var shared = file.Tensors.Where(tensor => weights.ContainsKey(tensor.Name)).ToList();
        Assert.True(shared.Count > 10);
        foreach (var tensor in shared)
        {
            Assert.Equal<IEnumerable<int>>(weights[tensor.Name].Shape, tensor.Shape);
            Assert.Equal(weights[tensor.Name].Data.ToArray(), file.Read(tensor.Name).Data.ToArray());
        }
    }

    [Fact]
    public void An_Identity_of_a_tensor_is_that_tensor_under_another_name()
    {
        var content = new GraphFile().Floats("a", 4).Node("Identity", "a", "b").Node("Identity", "b", "c");
        using var file = Open(content.Node("Identity", "x", "d").Node("Relu", "d", "y").ToArray());
        Assert.Equal(["a", "b", "c"], Names(file));
        Assert.Equal(file.Read("a").Data.ToArray(), file.Read("c").Data.ToArray());
    }

    [Fact]
    public void Tensors_of_Constant_nodes_and_listed_elements_are_found()
    {
        var content = OnnxWriter.Write(SmallNetworks.V2(), new(13, ConstantNodes: true));
        using var file = Open(content);
        Assert.Equal(
            SmallNetworks.V2().Weights.Tensors.Keys.Order(),
            Names(file).Order().Intersect(SmallNetworks.V2().Weights.Tensors.Keys)
        );
        using var small = Open(new GraphFile().Scalar("s", 2.5f).Integers("i", 1, 2).Node("Add", "x s", "y").ToArray());
        Assert.Equal(["s", "i"], Names(small));
        Assert.Equal([2.5f], small.Read("s").Data.ToArray());
        Assert.Contains(
            "Int64",
            Assert.Throws<ModelFormatException>(() => small.Read("i")).Message,
            StringComparison.Ordinal
        );
        Assert.Throws<KeyNotFoundException>(() => small.Read("t"));
    }

    [Fact]
    public void Properties_of_the_file_are_listed()
    {
        using var entry = new MessageWriter();
        using var end = new MessageWriter();
        end.Add(3, "1.2").Add(14, entry.Add(1, "labels").Add(2, "cat"));
        using var file = Open([.. new GraphFile().Node("Relu", "x", "y").ToArray(), .. end.ToArray()]);
        Assert.Equal("cat", file.Metadata["labels"]);
        Assert.Equal("1.2", file.Metadata["producer_version"]);
    }

    [Fact]
    public void Elements_are_not_read_to_list_them()
    {
        var content = new GraphFile().Floats("w", 1000, 1000).Node("Conv", "x w", "y").ToArray();
        var stream = new CountingStream(new MemoryStream(content));
        using var file = WeightFiles.Open(stream, "x.onnx", default);
        Assert.Equal(["w"], Names(file));
        Assert.InRange(stream.BytesRead, 1, 50_000);
    }

    [Fact]
    public void What_is_no_weight_is_left_out()
    {
        var file = new GraphFile().Node("Relu", "x", "y");
        file.Writer.Raw(5, OnnxGraphWriter.TensorMessage(8, [1]).Add(8, "text").ToArray());
        file.Writer.Raw(5, OnnxGraphWriter.TensorMessage(1, [0]).Add(8, "empty").ToArray());
        using var opened = Open(file.ToArray());
        Assert.Empty(opened.Tensors);
    }

    [Theory]
    [InlineData(-2)]
    [InlineData(1L << 40)]
    public void Impossible_axes_are_an_error(long size)
    {
        var file = new GraphFile().Node("Relu", "x", "y");
        file.Writer.Raw(5, OnnxGraphWriter.TensorMessage(1, [size]).Add(8, "w").ToArray());
        AssertFault(file.ToArray(), "'w' has axes");
    }

    [Fact]
    public void Two_tensors_of_one_name_are_an_error()
    {
        var file = new GraphFile().Node("Relu", "x", "y");
        file.Writer.Raw(5, OnnxGraphWriter.TensorMessage(1, [1]).Add(8, "w").ToArray());
        file.Writer.Raw(5, OnnxGraphWriter.TensorMessage(1, [1]).Add(8, "w").ToArray());
        AssertFault(file.ToArray(), "'w' twice");
    }

    [Theory]
    [InlineData(new byte[] { 8, 4, 0x12, 1, 97 }, "no graph")]
    [InlineData(new byte[] { 8, 4, 0x3A, 100, 1 }, "beyond its message")]
    [InlineData(
        new byte[] { 8, 4, 0x3A, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F },
        "beyond its message"
    )]
    [InlineData(new byte[] { 8, 4, 0x3A, 0x80 }, "cut off")]
    [InlineData(new byte[] { 8, 4, 0x3A, 3, 8, 0x80, 0x80, 1 }, "beyond its message")]
    [InlineData(new byte[] { 8, 4, 0x3A, 1, 0x0B }, "wire type")]
    [InlineData(
        new byte[] { 8, 4, 0x3A, 12, 8, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0 },
        "ten bytes"
    )]
    public void Damaged_files_are_an_error(byte[] content, string expected) => AssertFault(content, expected);

    [Fact]
    public void Mutated_files_are_read_or_refused()
    {
        byte[][] seeds =
        [
            OnnxGolden.Get("v2_opset9").Content,
            OnnxWriter.Write(SmallNetworks.V2(), new(13, ConstantNodes: true)),
            new GraphFile().Scalar("s", 2.5f).Floats("w", 2, 4, 1, 1).Node("Add", "x s", "y").ToArray(),
        ];
        void Read(byte[] content)
        {
            using var file = Open(content);
            foreach (var tensor in file.Tensors.Where(tensor => tensor.Type == ElementType.F32))
            {
                file.Read(tensor.Name);
            }
        }
        Assert.InRange(Mutation.Run(seeds, 3000, Read), 1, 2999);
    }

    private static WeightFile Open(byte[] content) => WeightFiles.Open(new MemoryStream(content), "x.onnx", default);

    private static IEnumerable<string> Names(WeightFile file) => file.Tensors.Select(tensor => tensor.Name);

    private static void AssertFault(byte[] content, string expected) =>
        Assert.Contains(
            expected,
            Assert.Throws<ModelFormatException>(() => Open(content)).Message,
            StringComparison.Ordinal
        );
}
