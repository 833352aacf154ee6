using System.Collections.Immutable;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Architectures;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Host.Tests.Contracts;

public sealed class ModelDescriptionTests
{
    private static readonly ModelDescription Example = new()
    {
        Architecture = "mobilenet_v3_small",
        Ecosystem = "timm-tf",
        Width = 0.75,
        Resolution = new(160, 192),
        Classes = 2,
        Numerics = new()
        {
            BatchNormEpsilon = 1e-3,
            Padding = PaddingRule.Same,
            Gate = Activation.HardSigmoid(0.2f),
            Relu = Activation.Relu6,
            Force = true,
        },
        Preprocessing = new()
        {
            Resize = ResizeRule.CentralCrop,
            ShorterSideRatio = 1 / 0.95,
            Rounding = ResizeRounding.Timm,
            Interpolation = Interpolation.Bicubic,
            Antialias = false,
            Order = ChannelOrder.Bgr,
            Mean = new(0.1f, 0.2f, 0.3f),
            Std = ColourValues.Same(1 / 3f),
        },
        Contract = "timm-tf/tf_mobilenetv3_small_075.in1k",
        Labels = new(["left", "right"]),
    };

    [Fact]
    public void Every_item_reads_back_as_it_was()
    {
        var read = ModelDescription.Read(Metadata(), "f");

        Assert.Equal(["left", "right"], read.Labels!.Names);
        Assert.Equal(Example, read with { Labels = Example.Labels });
    }

    [Fact]
    public void Other_metadata_are_no_description() =>
        Assert.False(ModelDescription.IsIn(ImmutableDictionary<string, string>.Empty.Add("format", "pt")));

    [Theory]
    [InlineData("version", "2")]
    [InlineData("architecture", "resnet50")]
    [InlineData("ecosystem", "caffe")]
    [InlineData("width", "-1")]
    [InlineData("width", "NaN")]
    [InlineData("resolution", "0x5")]
    [InlineData("classes", "0")]
    [InlineData("classes", "3")]
    [InlineData("reduced_tail", "maybe")]
    [InlineData("epsilon", "0")]
    [InlineData("padding", "valid")]
    [InlineData("gate", "gelu")]
    [InlineData("activation", "gelu")]
    [InlineData("activation", "hard-swish")]
    [InlineData("resize", "")]
    [InlineData("shorter_side_ratio", "0.5")]
    [InlineData("shorter_side_ratio", "1e300")]
    [InlineData("rounding", "7")]
    [InlineData("interpolation", "lanczos")]
    [InlineData("antialias", "1")]
    [InlineData("channel_order", "grb")]
    [InlineData("mean", "1,2")]
    [InlineData("mean", "1e39")]
    [InlineData("mean", "inf")]
    [InlineData("std", "1,0,1")]
    [InlineData("std", "-1")]
    [InlineData("std", "1e-60")]
    [InlineData("std", "1e39")]
    [InlineData("width", "1e400")]
    [InlineData("resolution", "99999x5")]
    [InlineData("classes", "99999999999999999999")]
    [InlineData("epsilon", "-0.001")]
    [InlineData("epsilon", "NaN")]
    [InlineData("epsilon", "1e-5, 1e-3")]
    [InlineData("gate", "hard-sigmoid:NaN")]
    [InlineData("contract", "")]
    [InlineData("labels", "one")]
    [InlineData("labels", "one\n")]
    public void A_bad_item_is_named(string key, string text)
    {
        var metadata = Metadata().SetItem("mobilenet." + key, text);

        var fault = Assert.Throws<ModelFormatException>(() => ModelDescription.Read(metadata, "w.safetensors"));

        var named = key == "classes" && text == "3" ? "labels" : key;
        Assert.StartsWith(
            $"w.safetensors: its metadata have a bad 'mobilenet.{named}'",
            fault.Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("version")]
    [InlineData("gate")]
    [InlineData("activation")]
    [InlineData("mean")]
    public void A_missing_item_is_named(string key)
    {
        var metadata = Metadata().Remove("mobilenet." + key);

        var fault = Assert.Throws<ModelFormatException>(() => ModelDescription.Read(metadata, "w"));

        Assert.Contains($"lack 'mobilenet.{key}'", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stranger_s_text_is_not_repeated_whole()
    {
        var metadata = Metadata().SetItem("mobilenet.padding", new string('x', 1 << 20));

        var fault = Assert.Throws<ModelFormatException>(() => ModelDescription.Read(metadata, "w"));

        Assert.InRange(fault.Message.Length, 1, 1000);
    }

    [Theory]
    [InlineData("padding", 1 << 20, "at most 1000")]
    [InlineData("contract", 1 << 20, "at most 1000")]
    [InlineData("labels", 5 << 20, "at most 4194304")]
    public void An_item_has_a_bound(string key, int length, string bound)
    {
        var metadata = Metadata().SetItem("mobilenet." + key, new string('x', length));

        var fault = Assert.Throws<ModelFormatException>(() => ModelDescription.Read(metadata, "w"));

        Assert.Contains(
            $"bad 'mobilenet.{key}': it has {length} characters, {bound} were expected",
            fault.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_name_that_is_no_item_s_is_not_repeated_whole()
    {
        var metadata = Metadata().SetItem("mobilenet." + new string('x', 1 << 20), "");

        var fault = Assert.Throws<ModelFormatException>(() => ModelDescription.Read(metadata, "w"));

        Assert.Contains("no item 'mobilenet.xxx", fault.Message, StringComparison.Ordinal);
        Assert.InRange(fault.Message.Length, 1, 1000);
    }

    [Fact]
    public void Items_without_a_version_are_a_description_all_the_same() =>
        Assert.True(ModelDescription.IsIn(Metadata().Remove("mobilenet.version")));

    private static ImmutableDictionary<string, string> Metadata() => Example.ToMetadata().ToImmutableDictionary();
}
