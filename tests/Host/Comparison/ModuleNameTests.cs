using ILGpuMobileNet.Host.Comparison;

namespace ILGpuMobileNet.Host.Tests.Comparison;

public sealed class ModuleNameTests
{
    [Theory]
    [InlineData("/features/features.0/features.0.0/Conv", "features.0.0")]
    [InlineData("/features/features.4/block/block.2/fc1/Conv", "features.4.block.2.fc1")]
    [InlineData("/layers/layers.8/layers.8.0/layers/layers.0/Conv", "layers.8.0.layers.0")]
    [InlineData("/layer1/layer1.0/relu_1/Relu_output_0", "layer1.0.relu_1")]
    [InlineData("/features/features.3/Add", "features.3")]
    [InlineData("/conv1/Conv", "conv1")]
    [InlineData("/Flatten", null)]
    [InlineData("/", null)]
    [InlineData("", null)]
    [InlineData("MobilenetV2/Conv/Relu6", null)]
    public void Is_what_the_scopes_of_a_node_say(string node, string? module) =>
        Assert.Equal(module, ModuleName.Of(node));
}
