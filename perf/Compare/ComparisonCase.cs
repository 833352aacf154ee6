using System.Globalization;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Architectures;

namespace ILGpuMobileNet.Benchmarks.Compare;

/// <summary>What is compared.</summary>
/// <param name="Network">Name of the architecture.</param>
/// <param name="Options">Its width and resolution.</param>
/// <param name="Batch">Images of a run.</param>
/// <param name="Threads">Threads of either engine.</param>
internal sealed record ComparisonCase(string Network, ArchitectureOptions Options, int Batch, int Threads)
{
    private static readonly string[] s_networks =
    [
        "mobilenet_v1",
        "mobilenet_v2",
        "mobilenet_v3_large",
        "mobilenet_v3_small",
    ];

    /// <summary>The four big networks at several batches, and small resolutions and widths one image at a time.</summary>
    public static IEnumerable<ComparisonCase> All =>
        [
            .. BigNetworks(1, 8, 32),
            .. from network in s_networks
            from options in Small
            from threads in new[] { 1, 2 }
            select new ComparisonCase(network, options, 1, threads),
            new("mobilenet_v3_small_x0_35", new(), 1, 1),
            new("mobilenet_v3_small_x0_35", new(), 1, 2),
        ];

    /// <summary>The four big networks, each at every batch on one and on two threads.</summary>
    /// <param name="batches">The batches.</param>
    public static IEnumerable<ComparisonCase> BigNetworks(params int[] batches) =>
        from network in s_networks
        from batch in batches
        from threads in new[] { 1, 2 }
        select new ComparisonCase(network, new(), batch, threads);

    /// <summary>The network with what is unusual about it.</summary>
    public string Name
    {
        get
        {
            var width = Options.Width is { } factor ? string.Create(CultureInfo.InvariantCulture, $" x{factor}") : "";
            return $"{Network}{width}{(Options.Resolution is { } resolution ? $" {resolution}" : "")}";
        }
    }

    private static IEnumerable<ArchitectureOptions> Small =>
        [new() { Resolution = Extent.Square(128) }, new() { Resolution = Extent.Square(160) }, new() { Width = 0.5 }];
}
