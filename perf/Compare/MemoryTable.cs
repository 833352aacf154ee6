using ILGpuMobileNet.Reference;
using static System.FormattableString;

namespace ILGpuMobileNet.Benchmarks.Compare;

/// <summary>Most memory of a batch of 32, of either engine in a process of its own.</summary>
internal static class MemoryTable
{
    private const int Batch = 32;
    private const int Processes = 3; // of either engine; when .NET collects garbage is a matter of chance

    private static readonly string[] s_columns =
    [
        "threads",
        "MiB",
        "ONNX Runtime MiB",
        "ratio",
        "process before, at most",
        "ONNX Runtime's before, at most",
    ];

    // Only Linux tells what a process held at most.
    public static ComparisonTable Table { get; } =
        new(
            $"Memory of a batch of {Batch}",
            s_columns,
            OperatingSystem.IsLinux() ? ComparisonCase.BigNetworks(Batch) : [],
            Row
        );

    private static string[] Row(ComparisonCase compared)
    {
        using var folder = new TemporaryFolder();
        var workload = new Workload(compared.Network, compared.Options, batch: 1);
        var run = new EngineRun(
            workload.WriteModel(folder.Folder),
            compared.Threads,
            compared.Batch,
            workload.Model.Graph.Input
        );
        var (ours, peer) = (Median(() => EngineMemory.OfOurs(run)), Median(() => EngineMemory.OfPeer(run)));
        return
        [
            Invariant($"{compared.Threads}"),
            Mebibytes(ours.EngineInBytes),
            Mebibytes(peer.EngineInBytes),
            Invariant($"{(double)peer.EngineInBytes / ours.EngineInBytes:0.00}"),
            $"{Mebibytes(ours.BeforeInBytes)}, {Mebibytes(ours.PeakInBytes)}",
            $"{Mebibytes(peer.BeforeInBytes)}, {Mebibytes(peer.PeakInBytes)}",
        ];
    }

    private static EngineMemory Median(Func<EngineMemory> measure) =>
        Enumerable
            .Range(0, Processes)
            .Select(_ => measure())
            .OrderBy(memory => memory.EngineInBytes)
            .ElementAt(Processes / 2);

    private static string Mebibytes(long bytes) => Invariant($"{bytes / (double)(1 << 20):0.0}");
}
