using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Architectures;

namespace ILGpuMobileNet.Host.Tests.Contracts;

public sealed class ItemTextTests
{
    [Fact]
    public void Values_of_enumerations_are_written_with_dashes_and_read_back()
    {
        foreach (var rule in Enum.GetValues<ResizeRule>())
        {
            Assert.Equal(rule, ItemText.Parse<ResizeRule>(ItemText.Of(rule)));
        }
        Assert.Equal("shorter-side", ItemText.Of(ResizeRule.ShorterSide));
        Assert.Equal(PaddingRule.Same, ItemText.Parse<PaddingRule>("SAME"));
        var fault = Assert.Throws<ArgumentException>(() => ItemText.Parse<ChannelOrder>("grb"));
        Assert.Contains("'grb' is none of rgb, bgr", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0.5", 0.5f, 0.5f, 0.5f)]
    [InlineData("0.485,0.456,0.406", 0.485f, 0.456f, 0.406f)]
    public void Colours_are_one_number_or_three(string text, float red, float green, float blue)
    {
        var values = ItemText.ParseColours(text);

        Assert.Equal(new(red, green, blue), values);
        Assert.Equal(text, ItemText.Of(values));
    }

    [Theory]
    [InlineData("hard-sigmoid")]
    [InlineData("hard-sigmoid:0.2")]
    [InlineData("hard-swish")]
    [InlineData("sigmoid")]
    public void Activations_read_back(string text) => Assert.Equal(text, ItemText.Of(ItemText.ParseActivation(text)));

    [Theory]
    [InlineData("1,2")]
    [InlineData("nan")]
    [InlineData("1e39")]
    [InlineData("1,x,3")]
    public void What_are_no_colours_is_refused(string text) =>
        Assert.Throws<ArgumentException>(() => ItemText.ParseColours(text));

    [Theory]
    [InlineData("hard-sigmoid:0")]
    [InlineData("hard-sigmoid:x")]
    [InlineData("relu:0.2")]
    [InlineData("swish")]
    public void What_is_no_activation_is_refused(string text) =>
        Assert.Throws<ArgumentException>(() => ItemText.ParseActivation(text));
}
