using ILGpuMobileNet.Benchmarks.Compare;
using ILGpuMobileNet.Benchmarks.Ptx;
using ILGpuMobileNet.Kernels.Gpu;
using ILGpuMobileNet.Network.Architectures;
using ILGpuMobileNet.Network.Execution;

namespace ILGpuMobileNet.Benchmarks.Tests.Ptx;

public sealed class KernelCatalogTests
{
    public static TheoryData<string> Networks { get; } = [.. ArchitectureCatalog.All.Select(network => network.Name)];

    [Theory]
    [MemberData(nameof(Networks))]
    public void Has_every_kernel_of_a_network(string network)
    {
        var known = KernelCatalog.All.Select(kernel => kernel.Method).ToHashSet();
        var model = new Workload(network, 1).Model;
        foreach (var tile in LaunchRule.Tiles)
        {
            var plan = new GpuPlan(model, new FixedLaunches(tile), 1);
            var kernels = plan.Steps.SelectMany(step => step.Operation.Kernels).Select(kernel => kernel.Method);
            Assert.Subset(known, kernels.ToHashSet());
        }
    }

    [Fact]
    public void Has_kernels_under_different_names()
    {
        var names = KernelCatalog.All.Select(kernel => kernel.ToString()).ToList();
        Assert.Equal(names.Distinct(), names);
        Assert.Contains("PointwiseConv Tile Tile64x64 EightRows gate residual HardSwish", names);
        Assert.Contains("DepthwiseConv Band SlidingThree Relu6", names);
        Assert.Contains("ResizeNormalize Rows", names);
        Assert.Contains("TopK Rank", names);
    }
}
