using ILGpuMobileNet.Host.Bulk;

namespace ILGpuMobileNet.Host.Tests.Bulk;

/// <summary>What the whole process holds; no test of this project runs beside it.</summary>
[CollectionDefinition(nameof(BulkMemoryTests), DisableParallelization = true)]
[Collection(nameof(BulkMemoryTests))]
public sealed class BulkMemoryTests : IDisposable
{
    private const int LineCount = 1_000_000;
    private const int BytesForEachImage = 64; // of the set of what is done: some 50 and what the collector left
    private static readonly Prediction[] s_predictions = [new("a", 0, 1)];
    private readonly BulkFixture _jobs = new();

    public void Dispose() => _jobs.Dispose();

    private static ClassificationResult Result(string path) => ClassificationResult.Done(path, s_predictions);

    [Fact]
    public async Task A_list_of_a_million_is_not_held_and_images_take_what_the_documentation_says()
    {
        var list = _jobs.PathOf("list.txt");
        File.WriteAllLines(list, Enumerable.Range(0, LineCount).Select(i => $"images/some/folder/{i}.png"));
        var before = Heap();
        using var job = await BulkJob.OpenAsync(_jobs.Options("r.jsonl") with { Shard = new(0, 4) });

        var count = await job.RunAsync(PathList.ReadAsync(list), (paths, _) => paths.Select(Result)).CountAsync();

        var growth = Heap() - before;
        Assert.Equal(LineCount, job.SeenCount);
        Assert.InRange(count, LineCount / 4 * 0.99, LineCount / 4 * 1.01);
        Assert.InRange(growth, 0, BytesForEachImage * (long)count);
        GC.KeepAlive(job);
    }

    /// <summary>Bytes in use once what other tests left is finalised.</summary>
    private static long Heap()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
