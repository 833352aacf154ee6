using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Weights;
using ILGpuMobileNet.Reference;

namespace ILGpuMobileNet.Host.Tests.Contracts;

public sealed class ContractCatalogTests
{
    private static readonly Extent Input = Extent.Square(224);

    public static TheoryData<string> Names => [.. ContractCatalog.All.Select(contract => contract.Name)];

    // The publishers' own numbers: shorter side for a crop of 224, interpolation, antialiasing, mean and deviation of red.
    [Theory]
    [InlineData("torchvision/mobilenet_v2.IMAGENET1K_V1", 256, Interpolation.Bilinear, true, 0.485f, 0.229f)]
    [InlineData("torchvision/mobilenet_v2.IMAGENET1K_V2", 232, Interpolation.Bilinear, true, 0.485f, 0.229f)]
    [InlineData("torchvision/mobilenet_v3_large.IMAGENET1K_V1", 256, Interpolation.Bilinear, true, 0.485f, 0.229f)]
    [InlineData("torchvision/mobilenet_v3_large.IMAGENET1K_V2", 232, Interpolation.Bilinear, true, 0.485f, 0.229f)]
    [InlineData("torchvision/mobilenet_v3_small.IMAGENET1K_V1", 256, Interpolation.Bilinear, true, 0.485f, 0.229f)]
    [InlineData("timm/mobilenetv3_large_100.ra_in1k", 256, Interpolation.Bicubic, true, 0.485f, 0.229f)]
    [InlineData("timm/mobilenetv3_large_100.miil_in21k_ft_in1k", 256, Interpolation.Bilinear, true, 0f, 1f)]
    [InlineData("timm/mobilenetv3_large_100.ra4_e3600_r224_in1k", 235, Interpolation.Bicubic, true, 0.5f, 0.5f)]
    [InlineData("timm/mobilenetv3_small_100.lamb_in1k", 256, Interpolation.Bicubic, true, 0.485f, 0.229f)]
    [InlineData("timm/mobilenetv2_100.ra_in1k", 256, Interpolation.Bicubic, true, 0.485f, 0.229f)]
    [InlineData("timm/mobilenetv1_100.ra4_e3600_r224_in1k", 256, Interpolation.Bicubic, true, 0.5f, 0.5f)]
    [InlineData("timm-tf/tf_mobilenetv3_large_100.in1k", 256, Interpolation.Bilinear, true, 0.5f, 0.5f)]
    [InlineData("timm-tf/tf_mobilenetv3_small_075.in1k", 256, Interpolation.Bilinear, true, 0.5f, 0.5f)]
    [InlineData("timm-tf/tf_mobilenetv3_large_minimal_100.in1k", 256, Interpolation.Bilinear, true, 0.5f, 0.5f)]
    [InlineData("timm-tf/tf_mobilenetv3_small_minimal_100.in1k", 256, Interpolation.Bilinear, true, 0.5f, 0.5f)]
    [InlineData("keras/MobileNetV3SmallMinimalistic.imagenet", 256, Interpolation.Bilinear, true, 0.5f, 0.5f)]
    [InlineData("keras/MobileNetV3Large.imagenet", 256, Interpolation.Bilinear, true, 0.5f, 0.5f)]
    [InlineData("paddleclas/MobileNetV3_large_x1_0.pretrained", 256, Interpolation.Bilinear, false, 0.485f, 0.229f)]
    public void Pictures_are_prepared_as_the_publisher_says(
        string name,
        long shorterSide,
        Interpolation interpolation,
        bool antialias,
        float mean,
        float std
    )
    {
        var way = ContractCatalog.Get(name).Preprocessing;

        Assert.Equal(ResizeRule.ShorterSide, way.Resize);
        Assert.Equal(shorterSide, way.Geometry(300, 300, Input).Vertical.Resized);
        Assert.Equal((interpolation, antialias), (way.Interpolation, way.Antialias));
        Assert.Equal((mean, std), (way.Mean.Red, way.Std.Red));
        Assert.Equal(ChannelOrder.Rgb, way.Order);
    }

    [Theory]
    [InlineData("tf-slim/mobilenet_v2_1.0_224")]
    [InlineData("tf-slim/v3-large-minimalistic_224_1.0_float")]
    public void Slim_crops_first_and_has_a_background(string name)
    {
        var slim = ContractCatalog.Get(name);

        Assert.Equal(ResizeRule.CentralCrop, slim.Preprocessing.Resize);
        Assert.Equal(Extent.Square(14), slim.Preprocessing.Visible(224, 224).Offset);
        Assert.Equal((1001, "background"), (slim.Classes, slim.Labels.Labels()![0]));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_contract_is_found_by_its_name_and_says_where_it_is_from(string name)
    {
        var contract = ContractCatalog.Get(name.ToUpperInvariant());

        Assert.Equal(name, contract.Name);
        Assert.Equal(name, contract.ToString());
        Assert.StartsWith("https://", contract.Source, StringComparison.Ordinal);
        Assert.Same(contract, ContractCatalog.Get(contract.Weights));
        Assert.Contains(contract, ContractCatalog.Of(contract.Architecture, contract.Ecosystem, contract.Width));
        Assert.Equal(contract.Classes, contract.Labels.Labels()?.Count);
        _ = new Preprocessor(contract.Preprocessing, new(contract.Resolution.Height, contract.Resolution.Width, 3));
    }

    [Fact]
    public void Names_do_not_repeat()
    {
        var names = ContractCatalog.All.Select(contract => contract.Weights).ToList();

        Assert.Equal(names.Distinct(StringComparer.OrdinalIgnoreCase), names);
    }

    [Fact]
    public void An_unknown_name_is_refused_with_the_nearest()
    {
        var fault = Assert.Throws<ArgumentException>(() => ContractCatalog.Get("mobilenetv3_large_100.ra_in2k"));

        Assert.Contains("did you mean 'mobilenetv3_large_100.ra_in1k'?", fault.Message, StringComparison.Ordinal);
        Assert.Contains("keras/MobileNet.imagenet", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_likeliest_contract_of_a_width_comes_first()
    {
        string First(string architecture, string ecosystem, double width) =>
            ContractCatalog.Of(architecture, ecosystem, width).First().Weights;

        Assert.Equal("mobilenet_v3_large.IMAGENET1K_V1", First("mobilenet_v3_large", "torchvision", 1));
        Assert.Equal("mobilenetv3_small_075.lamb_in1k", First("mobilenet_v3_small", "timm", 0.75));
        Assert.Equal("mobilenetv3_small_100.lamb_in1k", First("mobilenet_v3_small", "timm", 0.3));
        Assert.Equal("MobileNetV2.imagenet", First("mobilenet_v2", "keras", 1.4));
        Assert.Empty(ContractCatalog.Of("mobilenet_v1", "torchvision"));
    }

    [Fact]
    public void Files_are_known_by_the_start_of_their_hash()
    {
        var file = Assert.Single(ContractCatalog.Get("mobilenet_v2.IMAGENET1K_V1").Files);

        Assert.Equal(("mobilenet_v2-b0353104.pth", "b0353104"), (file.Name, file.Sha256));
        Assert.True(file.Is("B0353104" + new string('0', 56)));
        Assert.False(file.Is(new string('0', 64)));
    }

    [Fact]
    public void A_published_file_is_known_by_its_content()
    {
        var path = Repository.PathOf("tests", "Network", "Weights", "Goldens", "plain.pth");
        using var file = WeightFiles.Open(path);
        var hash = ContractSearch.HashOf(path, CancellationToken.None);
        var other = ContractCatalog.Get("mobilenet_v2.IMAGENET1K_V1");
        var published = other with { Files = [new("plain.pth", hash[..8])] };

        var finding = ContractSearch.ByHash(file, [other, published], CancellationToken.None);

        Assert.Equal(new ContractFinding(published, ContractEvidence.Hash), finding);
        Assert.Null(ContractSearch.ByHash(file, [other], CancellationToken.None));
    }
}
