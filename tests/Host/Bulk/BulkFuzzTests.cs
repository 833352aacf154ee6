using ILGpuMobileNet.Host.Bulk;
using ILGpuMobileNet.Network.Tests.Weights;

namespace ILGpuMobileNet.Host.Tests.Bulk;

public sealed class BulkFuzzTests : IDisposable
{
    private const int CaseCount = 500;
    private readonly BulkFixture _jobs = new();

    public void Dispose() => _jobs.Dispose();

    [Theory]
    [InlineData("r.jsonl")]
    [InlineData("r.csv")]
    public async Task Mutated_results_are_resumed_or_refused(string name)
    {
        await BulkFixture.RunAsync(_jobs.Options(name), "a.png", "bad, \"b\"\n.png", "漢.png");
        var path = _jobs.PathOf(name);

        var accepted = Mutation.Run([File.ReadAllBytes(path)], CaseCount, file => Resume(path, file));

        Assert.InRange(accepted, 1, CaseCount - 1);
    }

    [Fact]
    public async Task Mutated_job_files_are_accepted_or_refused()
    {
        await BulkFixture.RunAsync(_jobs.Options("r.jsonl"), "a.png");
        var path = _jobs.PathOf("r.jsonl.job");
        var otherwise = 0;

        var accepted = Mutation.Run(
            [File.ReadAllBytes(path)],
            CaseCount,
            file =>
            {
                try
                {
                    Resume(path, file);
                }
                catch (ArgumentException) // it says something else
                {
                    otherwise++;
                }
            }
        );

        Assert.InRange(accepted - otherwise, 1, CaseCount - 1);
        Assert.InRange(otherwise, 1, CaseCount - 1);
    }

    [Fact]
    public void Mutated_lists_are_read_or_refused()
    {
        var list = "a.png\n/b/c d.png\r\n\n漢.jpg\n"u8.ToArray();

        var accepted = Mutation.Run([list], CaseCount, Read);

        Assert.InRange(accepted, 1, CaseCount - 1);
    }

    private void Resume(string path, byte[] content)
    {
        File.WriteAllBytes(path, content);
        var output = path.EndsWith(".job", StringComparison.Ordinal) ? path[..^4] : path;
        BulkJob.OpenAsync(_jobs.Options(Path.GetFileName(output), resume: true)).GetAwaiter().GetResult().Dispose();
    }

    private static void Read(byte[] content)
    {
        using var stream = new MemoryStream(content);
        PathList.ReadAsync(stream, "list").CountAsync().AsTask().GetAwaiter().GetResult();
    }
}
