using ILGpuMobileNet.Network.Architectures;

namespace ILGpuMobileNet.Network.Tests.Architectures;

/// <summary>Names and shapes against the lists that eng/state-dict-names.py writes from torchvision.</summary>
public sealed class TorchvisionStateDictTests
{
    [Theory]
    [InlineData("mobilenet_v2", 1.0, false, "mobilenet_v2")]
    [InlineData("mobilenet_v2", 0.35, false, "mobilenet_v2_x0.35")]
    [InlineData("mobilenet_v2", 1.4, false, "mobilenet_v2_x1.4")]
    [InlineData("mobilenet_v3_small", 1.0, false, "mobilenet_v3_small")]
    [InlineData("mobilenet_v3_small", 0.37, false, "mobilenet_v3_small_x0.37")]
    [InlineData("mobilenet_v3_small", 1.0, true, "mobilenet_v3_small_reduced")]
    [InlineData("mobilenet_v3_large", 1.0, false, "mobilenet_v3_large")]
    [InlineData("mobilenet_v3_large", 0.1, false, "mobilenet_v3_large_x0.1")]
    [InlineData("mobilenet_v3_large", 1.0, true, "mobilenet_v3_large_reduced")]
    public void Has_the_tensors_of_torchvision_and_no_others(string name, double width, bool reducedTail, string list)
    {
        var options = new ArchitectureOptions { Width = width, ReducedTail = reducedTail };
        var graph = ArchitectureCatalog.Get(name).Build(options);
        var ours = graph.Parameters.Select(p => $"{p.Name} {string.Join('x', p.Shape)}").ToList();
        var theirs = File.ReadAllLines(
            Path.Combine(AppContext.BaseDirectory, "Architectures", "StateDicts", $"{list}.txt")
        );

        Assert.Empty(theirs.Except(ours));
        Assert.Empty(ours.Except(theirs));
        Assert.Equal(theirs.Length, ours.Count);
    }
}
