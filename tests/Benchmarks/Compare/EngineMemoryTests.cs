using ILGpuMobileNet.Benchmarks.Compare;
using ILGpuMobileNet.Reference;

namespace ILGpuMobileNet.Benchmarks.Tests.Compare;

public sealed class EngineMemoryTests : IDisposable
{
    private const int Batch = 2;
    private const string NoPeak = "Only Linux tells what a process held at most.";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Reads_a_field_of_a_process() =>
        Assert.Equal(
            2_048,
            EngineMemory.Field(["Name:\tdotnet", "VmHWM:\t      12 kB", "VmRSS:\t       2 kB"], "VmRSS")
        );

    [SkippableFact]
    public void Counts_at_least_the_weights()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), NoPeak);
        var run = CreateRun();
        AssertHolds(EngineMemory.OfOurs(run), run);
    }

    [SkippableFact]
    public void Counts_at_least_the_weights_of_onnx_runtime()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), NoPeak);
        Skip.IfNot(OnnxRuntimePeer.IsInstalled, OnnxRuntimePeer.Missing);
        var run = CreateRun();
        AssertHolds(EngineMemory.OfPeer(run), run);
    }

    [SkippableFact]
    public void A_process_that_ends_early_is_a_fault()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), NoPeak);
        var run = CreateRun() with { Model = _folder.PathOf("missing.onnx") };
        Assert.Throws<InvalidOperationException>(() => EngineMemory.OfOurs(run));
    }

    private static void AssertHolds(EngineMemory memory, EngineRun run)
    {
        Assert.True(memory.BeforeInBytes > Batch * run.Image.ElementCount * sizeof(float), $"{memory}");
        Assert.True(memory.EngineInBytes > new FileInfo(run.Model).Length, $"{memory}");
    }

    private EngineRun CreateRun()
    {
        var workload = new Workload("mobilenet_v3_small_x0_35", batch: 1);
        return new(workload.WriteModel(_folder.Folder), Threads: 2, Batch, workload.Model.Graph.Input);
    }
}
