using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Architectures;

namespace ILGpuMobileNet.Network.Tests.Architectures;

public sealed class ArchitectureErrorTests
{
    private static string FaultOf(string name, ArchitectureOptions options) =>
        Assert.ThrowsAny<ArgumentException>(() => ArchitectureCatalog.Get(name).Build(options)).Message;

    [Theory]
    [InlineData(0.0)]
    [InlineData(-1.0)]
    [InlineData(10.5)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Refuses_a_width_that_makes_no_network(double width)
    {
        foreach (var network in ArchitectureCatalog.All)
        {
            Assert.Contains("expected a multiplier above 0", FaultOf(network.Name, new() { Width = width }));
        }
    }

    [Theory]
    [InlineData(0, 224)]
    [InlineData(224, -1)]
    [InlineData(8193, 224)]
    [InlineData(224, int.MaxValue)]
    public void Refuses_a_resolution_out_of_range(int height, int width)
    {
        var fault = FaultOf("mobilenet_v2", new() { Resolution = new(height, width) });

        Assert.Contains($"mobilenet_v2: got resolution {height}x{width}", fault);
        Assert.Contains("such as 224x224", fault);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    [InlineData(1_000_001)]
    public void Refuses_a_number_of_classes_out_of_range(int classes) =>
        Assert.Contains($"got {classes} classes", FaultOf("mobilenet_v1", new() { Classes = classes }));

    [Fact]
    public void Refuses_classes_for_a_network_that_ends_in_a_feature_map() =>
        Assert.Contains("leave the number of classes out", FaultOf("mobilenet_v1_enhance", new() { Classes = 10 }));

    [Fact]
    public void Refuses_a_reduced_tail_where_there_is_none()
    {
        foreach (var network in ArchitectureCatalog.All.Where(network => !network.HasReducedTail))
        {
            var fault = FaultOf(network.Name, new() { ReducedTail = true });
            Assert.Contains("only mobilenet_v3_small and mobilenet_v3_large", fault);
        }
        Assert.Equal(
            ["mobilenet_v3_small", "mobilenet_v3_large"],
            ArchitectureCatalog.All.Where(network => network.HasReducedTail).Select(network => network.Name)
        );
    }

    [Fact]
    public void Names_the_layer_that_a_small_image_does_not_reach()
    {
        var fault = FaultOf("mobilenet_v2_relu", new() { Resolution = Extent.Square(3) });

        Assert.Contains("blocks.2.pool", fault);
        Assert.Contains("larger input resolution", fault);
    }

    [Fact]
    public void Builds_at_the_extremes_of_its_ranges()
    {
        foreach (var network in ArchitectureCatalog.All)
        {
            network.Build(new() { Width = 1e-9 });
            network.Build(new() { Width = 10, Resolution = new(8192, 8192) });
        }
        var tiny = ArchitectureCatalog.Get("mobilenet_v2").Build(new() { Resolution = new(1, 1), Classes = 1 });
        Assert.Equal(new FeatureShape(1, 1, 1), tiny.Output);
    }

    [Fact]
    public void Refuses_missing_options() =>
        Assert.Throws<ArgumentNullException>(() => ArchitectureCatalog.Get("mobilenet_v1").Build(null!));

    [Theory]
    [InlineData("mobilnet_v2", "mobilenet_v2")]
    [InlineData("MobileNetV1", "mobilenet_v1")]
    [InlineData("mobilenet-v3-large", "mobilenet_v3_large")]
    [InlineData("v3_large", "mobilenet_v3_large")]
    [InlineData("enhance", "mobilenet_v1_enhance")]
    public void Suggests_the_nearest_name(string name, string nearest)
    {
        var fault = Assert.Throws<ArgumentException>(() => ArchitectureCatalog.Get(name)).Message;

        Assert.Contains($"did you mean '{nearest}'", fault);
        Assert.All(ArchitectureCatalog.All, network => Assert.Contains(network.Name, fault));
    }

    [Fact]
    public void Suggests_nothing_for_a_name_that_is_near_none() =>
        Assert.DoesNotContain(
            "did you mean",
            Assert.Throws<ArgumentException>(() => ArchitectureCatalog.Get("nope")).Message
        );

    [Fact]
    public void Finds_names_in_any_case() =>
        Assert.Equal("mobilenet_v2", ArchitectureCatalog.Get("MobileNet_V2").ToString());

    [Theory]
    [InlineData("", "abc", 3)]
    [InlineData("abc", "", 3)]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("ABC", "abc", 0)]
    public void Edit_distance_counts_insertions_deletions_and_substitutions(string left, string right, int expected) =>
        Assert.Equal(expected, EditDistance.Between(left, right));
}
