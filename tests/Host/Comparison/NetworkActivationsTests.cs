using ILGpuMobileNet.Host.Comparison;
using ILGpuMobileNet.Network.Graph;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Host.Tests.Comparison;

[Trait("Device", "ilgpu")]
public sealed class NetworkActivationsTests
{
    private static readonly LoadedModel s_model = ModelSource.Load(
        new()
        {
            Model = "mobilenet_v3_small",
            RandomSeed = 1,
            Resolution = new(17, 24),
            Classes = 10,
        }
    );

    [Fact]
    public void Layer_by_layer_every_layer_is_seen_else_every_step()
    {
        using var unfused = Run(s_model, new() { Unfused = true });
        using var fused = Run(s_model, new());

        Assert.Equal(
            s_model.Model.Graph.Layers.Select(layer => layer.Name).Prepend("input"),
            unfused.Entries.Select(entry => entry.Name)
        );
        Assert.Equal(47, fused.Entries.Length); // the input and 46 steps
        Assert.Equal("mobilenet_v3_small on cpu", fused.Name);
        Assert.Equal("mobilenet_v3_small on cpu, layer by layer", unfused.Name);
    }

    [Fact]
    public void Fused_and_unfused_agree_on_the_cpu_and_on_an_accelerator()
    {
        using var fused = Run(s_model, new() { Device = DeviceName.Cpu });
        using var unfused = Run(s_model, new() { Device = DeviceName.Cpu, Unfused = true });
        using var accelerated = Run(s_model, new() { Device = new(DeviceKind.IlgpuCpu) });

        var folded = ActivationComparison.Run(fused, unfused);
        Assert.Equal(47, folded.Layers.Count);
        Assert.Null(folded.FirstDivergence);
        Assert.Null(ActivationComparison.Run(accelerated, fused).FirstDivergence);
    }

    [Fact]
    public void A_changed_epsilon_is_found_at_its_layer()
    {
        var graph = s_model.Model.Graph;
        const string planted = "features.5.block.1.1";
        Layer Change(Layer layer) => layer is BatchNormLayer { Name: planted } n ? n with { Epsilon = 0.1 } : layer;
        var changed = graph with { Layers = [.. graph.Layers.Select(Change)] };
        using var right = Run(s_model, new() { Unfused = true });
        using var wrong = Run(
            s_model with
            {
                Model = s_model.Model with { Graph = changed },
            },
            new() { Unfused = true }
        );

        var report = ActivationComparison.Run(right, wrong);

        Assert.Equal(planted, report.FirstDivergence?.Name);
        Assert.InRange(report.FirstDivergence!.RelativeDifference!.Value, 1e-3, 1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(32 * 48 * 3 - 1)]
    public void Images_that_are_no_whole_number_are_refused(int length)
    {
        var fault = Assert.Throws<ArgumentException>(() => NetworkActivations.Run(s_model, new float[length], new()));
        Assert.StartsWith(
            $"Got {length} floats; the network reads 1224 for each image",
            fault.Message,
            StringComparison.Ordinal
        );
    }

    private static NetworkActivations Run(LoadedModel model, NetworkRunOptions options)
    {
        var images = new float[2 * model.Model.Graph.Input.ElementCount];
        WeightFormula.Fill("input", 1, images, 2, -1);
        return NetworkActivations.Run(model, images, options with { ThreadCount = 1 });
    }
}
