using ILGpuMobileNet.Network.Onnx;
using ILGpuMobileNet.Reference.Onnx;

namespace ILGpuMobileNet.Network.Tests.Onnx;

public class OnnxRoundTripTests
{
    public static TheoryData<int> Opsets => [.. Enumerable.Range(7, 15)];

    [Theory]
    [MemberData(nameof(Opsets))]
    public void Every_layer_survives_writing_and_reading(int opset) =>
        Assert.All(SmallNetworks.All, model => AssertRoundTrip(model, new(opset)));

    [Theory]
    [InlineData(9)]
    [InlineData(13)]
    public void Weights_in_constant_nodes_are_read(int opset) =>
        Assert.All(SmallNetworks.All, model => AssertRoundTrip(model, new(opset, ConstantNodes: true)));

    [Theory]
    [InlineData(9, HardSwishForm.DivideFirst)]
    [InlineData(9, HardSwishForm.DivideLast)]
    [InlineData(9, HardSwishForm.DivideInput)]
    [InlineData(17, HardSwishForm.DivideFirst)]
    [InlineData(17, HardSwishForm.DivideLast)]
    [InlineData(17, HardSwishForm.DivideInput)]
    public void Hard_swish_is_recognised_in_pieces(int opset, HardSwishForm form) =>
        AssertRoundTrip(SmallNetworks.V3(), new(opset, HardSwish: form));

    [Fact]
    public void Layers_and_weights_keep_their_names()
    {
        var model = SmallNetworks.V3();
        var read = OnnxModel.Read(OnnxWriter.Write(model, new()), "net/v3.onnx");
        Assert.Equal("v3", read.Graph.Name);
        Assert.Equal(model.Graph.Layers.Select(layer => layer.Name), read.Graph.Layers.Select(layer => layer.Name));
        Assert.Equal(model.Weights.Tensors.Keys.Order(), read.Weights.Tensors.Keys.Order());
    }

    [Fact]
    public void A_slice_of_a_larger_array_is_read()
    {
        var model = SmallNetworks.V2();
        var file = OnnxWriter.Write(model, new());
        byte[] larger = [1, 2, 3, .. file, 4, 5];
        ModelComparison.AssertSame(model, OnnxModel.Read(larger.AsMemory(3, file.Length), "v2"));
    }

    [Fact]
    public void A_file_on_disk_is_read()
    {
        using var file = new TemporaryFile(OnnxWriter.Write(SmallNetworks.V2(), new()));
        ModelComparison.AssertSame(SmallNetworks.V2(), OnnxModel.Read(file.Path));
    }

    [Fact]
    public void A_cancelled_token_ends_the_reading()
    {
        var file = OnnxWriter.Write(SmallNetworks.V2(), new());
        var cancelled = new CancellationToken(canceled: true);
        Assert.Throws<OperationCanceledException>(() => OnnxModel.Read(file, "v2", null, cancelled));
    }

    private static void AssertRoundTrip(Model model, OnnxWriteOptions options) =>
        ModelComparison.AssertSame(model, OnnxModel.Read(OnnxWriter.Write(model, options), model.Graph.Name));
}
