using System.Text;
using ILGpuMobileNet.Host;
using ILGpuMobileNet.Host.Features;
using ILGpuMobileNet.Host.Serving;
using ILGpuMobileNet.Kernels;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ILGpuMobileNet.DependencyInjection.Tests;

public sealed class ConfigurationTests
{
    [Fact]
    public void A_section_of_json_sets_every_kind_of_option()
    {
        var options = Bound(
            """
            {
              "Model": {
                "Model": "mobilenet_v3_small",
                "RandomSeed": 7,
                "Width": 0.5,
                "Classes": 12,
                "Resolution": { "Height": 96, "Width": 128 },
                "PreprocessingChanges": { "ShorterSide": 160, "Interpolation": "Bicubic" }
              },
              "Name": "front",
              "Features": [ "embedding", "stride16", "features.12.2" ],
              "Devices": [ "cuda:1", "cpu" ],
              "MaximalBatch": 32,
              "PreferredBatches": [ 8, 16 ],
              "MaximalDelay": "00:00:00.004",
              "WhenFull": "Reject",
              "TimeLimit": "00:00:05"
            }
            """
        );

        Assert.Equal(("mobilenet_v3_small", 7ul, 0.5, 12), Numbers(options.Model));
        Assert.Equal(new Extent(96, 128), options.Model.Resolution);
        Assert.Equal(160, options.Model.PreprocessingChanges?.ShorterSide);
        Assert.Equal([new(DeviceKind.Cuda, 1), DeviceName.Cpu], options.Devices);
        Assert.Equal(
            [FeatureSource.Embedding, FeatureSource.AtStride(16), FeatureSource.OfLayer("features.12.2")],
            options.Features
        );
        Assert.Equal("front", options.Name);
        Assert.Equal((32, TimeSpan.FromMilliseconds(4)), (options.MaximalBatch, options.MaximalDelay));
        Assert.Equal([8, 16], options.PreferredBatches);
        Assert.Equal((WhenFull.Reject, TimeSpan.FromSeconds(5)), (options.WhenFull, options.TimeLimit));
    }

    [Fact]
    public void What_is_left_out_has_its_default()
    {
        var (options, expected) = (Bound("{}"), new MobileNetHostOptions());

        Assert.Equal(expected.Model, options.Model);
        Assert.Equal([DeviceName.Auto], options.Devices);
        Assert.Equal((expected.MaximalBatch, expected.TimeLimit), (options.MaximalBatch, options.TimeLimit));
    }

    [Fact]
    public void A_device_that_does_not_exist_is_named_with_its_place()
    {
        var fault = Assert.Throws<InvalidOperationException>(() => Bound("""{ "Devices": [ "cdua" ] }"""));

        Assert.Contains("MobileNet:Devices:0", fault.ToString(), StringComparison.Ordinal);
        Assert.Contains("'cdua' is no device", fault.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("stride0", "MobileNet:Features:1")]
    [InlineData("", "MobileNet:Features:1")]
    public void A_feature_that_is_none_is_named_with_its_place(string name, string place)
    {
        var fault = Assert.Throws<InvalidOperationException>(() =>
            Bound($$"""{ "Features": [ "embedding", "{{name}}" ] }""")
        );

        Assert.Contains(place, fault.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_feature_is_a_name()
    {
        var fault = Assert.ThrowsAny<Exception>(() => Bound("""{ "Features": [ { "Stride": 16 } ] }"""));

        Assert.IsType<InvalidOperationException>(fault);
    }

    [Fact]
    public async Task A_feature_that_the_network_does_not_have_ends_the_start()
    {
        var services = new ServiceCollection();
        services.AddMobileNet(SectionOf("""{ "Features": [ "embeding" ] }""")).Configure(SmallModel.Configure);
        await using var provider = services.BuildServiceProvider();

        var fault = Assert.Throws<ArgumentException>(provider.GetRequiredService<MobileNetHost>);

        Assert.Contains("no layer 'embeding'", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_configured_before_stays()
    {
        var services = new ServiceCollection();
        services.Configure<MobileNetHostOptions>(options =>
            (options.Devices, options.Name) = ([DeviceName.Cpu], "before")
        );
        services.AddMobileNet();
        using var provider = services.BuildServiceProvider();

        var options = provider.GetRequiredService<IOptions<MobileNetHostOptions>>().Value;

        Assert.Equal((DeviceName.Cpu, "before"), (Assert.Single(options.Devices), options.Name));
    }

    [Fact]
    public void A_keyed_host_is_called_by_its_key()
    {
        var services = new ServiceCollection();
        services.AddMobileNet();
        services.AddKeyedMobileNet("key");
        services.AddKeyedMobileNet("other", options => options.Name = "name");
        using var provider = services.BuildServiceProvider();

        var options = provider.GetRequiredService<IOptionsMonitor<MobileNetHostOptions>>();

        Assert.Equal([null, "key", "name"], new[] { "", "key", "other" }.Select(name => options.Get(name).Name));
    }

    [Fact]
    public void An_option_that_does_not_exist_is_named()
    {
        var fault = Assert.Throws<InvalidOperationException>(() => Bound("""{ "MaximalBach": 4 }"""));

        Assert.Contains("MaximalBach", fault.Message, StringComparison.Ordinal);
    }

    private static (string Model, ulong? Seed, double? Width, int? Classes) Numbers(ModelOptions model) =>
        (model.Model, model.RandomSeed, model.Width, model.Classes);

    private static IConfigurationSection SectionOf(string json)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes($$"""{ "MobileNet": {{json}} }"""));
        return new ConfigurationBuilder().AddJsonStream(stream).Build().GetSection("MobileNet");
    }

    private static MobileNetHostOptions Bound(string json)
    {
        var services = new ServiceCollection();
        var section = SectionOf(json);
        services.AddMobileNet(section);
        services.AddKeyedMobileNet("key", section);
        using var provider = services.BuildServiceProvider();
        var options = provider.GetRequiredService<IOptionsMonitor<MobileNetHostOptions>>();
        Assert.Equal(options.CurrentValue.Model, options.Get("key").Model);
        return options.CurrentValue;
    }
}
