using System.Text;
using ILGpuMobileNet.Host.Bulk;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Host.Tests.Bulk;

/// <summary>What processes that were killed, and power cuts, leave behind.</summary>
public sealed class InterruptionTests : IDisposable
{
    private static readonly string[] Paths = ["a.png", "bad, \"b\"\n.png", "漢.png", "bad.png"];
    private readonly BulkFixture _jobs = new();

    public void Dispose() => _jobs.Dispose();

    [Theory]
    [InlineData("r.jsonl")]
    [InlineData("r.csv")]
    public async Task Cut_at_any_byte_of_two_records_and_resumed_the_file_is_as_if_nothing_had_happened(string name)
    {
        var whole = await RunWhole(name);
        var twoRecords = whole.AsSpan().LastIndexOf("漢.png"u8); // the last of its record's several
        twoRecords = whole.AsSpan(0, twoRecords).LastIndexOf((byte)'\n');
        for (var length = twoRecords; length < whole.Length; length++)
        {
            File.WriteAllBytes(_jobs.PathOf(name), whole[..length]);

            await BulkFixture.RunAsync(_jobs.Options(name, resume: true), Paths);

            Assert.Equal(whole, File.ReadAllBytes(_jobs.PathOf(name)));
        }
    }

    [Theory]
    [InlineData("r.jsonl")]
    [InlineData("r.csv")]
    public async Task Blocks_of_zeros_are_cut_with_all_that_follows(string name)
    {
        var whole = await RunWhole(name);
        for (var start = 0; start < whole.Length; start += 11)
        {
            byte[] broken = [.. whole];
            broken.AsSpan(start, Math.Min(40, whole.Length - start)).Clear();
            File.WriteAllBytes(_jobs.PathOf(name), [.. broken, .. new byte[100]]);

            using (var job = await BulkJob.OpenAsync(_jobs.Options(name, resume: true)))
            {
                Assert.InRange(job.CutByteCount, 100, whole.Length + 100);
                await job.RunAsync(Paths.ToAsyncEnumerable(), BulkFixture.Classify).CountAsync();
            }

            Assert.Equal(whole, File.ReadAllBytes(_jobs.PathOf(name)));
        }
    }

    [Theory]
    [InlineData("r.jsonl", "[]\n")]
    [InlineData("r.jsonl", "{\"error\":null}\n")]
    [InlineData("r.jsonl", "{\"file\":1}\n")]
    [InlineData("r.jsonl", "{\"file\":\"\\ud800\"}\n")]
    [InlineData("r.jsonl", "{\"file\":\"a\"} {}\n")]
    [InlineData("r.jsonl", "\n")]
    [InlineData("r.csv", "a,b\n")]
    [InlineData("r.csv", "a\"b\n")]
    public async Task A_record_that_somebody_changed_is_an_error_and_nothing_is_lost(string name, string record)
    {
        var whole = await RunWhole(name);
        byte[] changed = [.. whole, .. Encoding.UTF8.GetBytes(record), .. whole];
        File.WriteAllBytes(_jobs.PathOf(name), changed);

        var fault = await Assert.ThrowsAsync<ModelFormatException>(() =>
            BulkJob.OpenAsync(_jobs.Options(name, resume: true))
        );

        Assert.Contains($"Record {Paths.Length + (name == "r.csv" ? 2 : 1)} is no result", fault.Message);
        Assert.Equal(changed, File.ReadAllBytes(_jobs.PathOf(name)));
    }

    [Fact]
    public async Task A_table_with_other_columns_is_an_error()
    {
        await RunWhole("r.csv");
        File.WriteAllText(_jobs.PathOf("r.csv"), "file,error\n");

        await Assert.ThrowsAsync<ModelFormatException>(() => BulkJob.OpenAsync(_jobs.Options("r.csv", resume: true)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[1]")]
    [InlineData("{\"model\": 1}")]
    [InlineData("{\"model\"")]
    public async Task A_damaged_job_file_is_an_error(string content)
    {
        await RunWhole("r.jsonl");
        File.WriteAllText(_jobs.PathOf("r.jsonl.job"), content);

        var fault = await Assert.ThrowsAsync<ModelFormatException>(() =>
            BulkJob.OpenAsync(_jobs.Options("r.jsonl", resume: true))
        );

        Assert.Contains("does not say how the results were made", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_job_file_beyond_all_bounds_is_an_error()
    {
        await RunWhole("r.jsonl");
        File.WriteAllText(_jobs.PathOf("r.jsonl.job"), $"{{\"model\": \"{new string('a', 2 << 20)}\"}}");

        await Assert.ThrowsAsync<ModelFormatException>(() => BulkJob.OpenAsync(_jobs.Options("r.jsonl", resume: true)));
    }

    private async Task<byte[]> RunWhole(string name)
    {
        await BulkFixture.RunAsync(_jobs.Options(name), Paths);
        return File.ReadAllBytes(_jobs.PathOf(name));
    }
}
