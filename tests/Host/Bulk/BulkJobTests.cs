using ILGpuMobileNet.Host.Bulk;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Host.Tests.Bulk;

public sealed class BulkJobTests : IDisposable
{
    private readonly BulkFixture _jobs = new();

    public void Dispose() => _jobs.Dispose();

    [Fact]
    public async Task Writes_an_object_on_each_line()
    {
        await BulkFixture.RunAsync(_jobs.Options("r.jsonl"), "a.png", "bad, 漢.png");

        Assert.Equal(
            """
            {"file":"a.png","predictions":[{"label":"of a.png","index":5,"score":0.75},{"label":"other, \"quoted\"","index":1,"score":0.1}],"error":null}
            {"file":"bad, 漢.png","predictions":[],"error":"'bad, 漢.png', \"no\" picture."}

            """,
            File.ReadAllText(_jobs.PathOf("r.jsonl"))
        );
    }

    [Fact]
    public async Task Writes_a_table_with_columns_for_each_class()
    {
        await BulkFixture.RunAsync(_jobs.Options("r.CSV"), "a.png", "bad, 漢.png");

        Assert.Equal(
            """"
            file,error,label_1,index_1,score_1,label_2,index_2,score_2
            a.png,,of a.png,5,0.75,"other, ""quoted""",1,0.1
            "bad, 漢.png","'bad, 漢.png', ""no"" picture.",,,,,,

            """",
            File.ReadAllText(_jobs.PathOf("r.CSV"))
        );
    }

    [Theory]
    [InlineData("r.jsonl")]
    [InlineData("r.csv")]
    public async Task A_resumed_job_does_what_is_missing_and_knows_what_was_there(string name)
    {
        string[] awkward = ["a\nb.png", "a,\"b\".png", " ", "\uD800.png", "bad.png", "漢/🐈.png"];
        await BulkFixture.RunAsync(_jobs.Options(name), awkward);

        using var job = await BulkJob.OpenAsync(_jobs.Options(name, resume: true));
        var done = await job.RunAsync(awkward.Append("new.png").ToAsyncEnumerable(), BulkFixture.Classify)
            .ToListAsync();

        Assert.Equal("new.png", Assert.Single(done).File);
        Assert.Equal((6, 1, 0), (job.PresentCount, job.PresentFailedCount, job.CutByteCount));
        Assert.Equal((7, 6), (job.SeenCount, job.SkippedCount));
    }

    [Fact]
    public async Task A_path_that_comes_twice_counts_once()
    {
        Assert.Equal(["a", "b"], await BulkFixture.RunAsync(_jobs.Options("r.jsonl"), "a", "b", "a", "a"));
        Assert.Equal(2, BulkFixture.ReadLines(_jobs.PathOf("r.jsonl")).Count);
    }

    [Theory]
    [InlineData("./pics/a.png")]
    [InlineData("pics//a.png")]
    [InlineData("pics/./a.png")]
    [InlineData(".//pics/a.png/")]
    public async Task Another_way_to_write_a_path_is_the_same_image(string path)
    {
        Assert.Equal(["pics/a.png"], await BulkFixture.RunAsync(_jobs.Options("r.jsonl"), "pics/a.png", path));
        Assert.Empty(await BulkFixture.RunAsync(_jobs.Options("r.jsonl", resume: true), path));
        // And as it was given it is written.
        Assert.Equal([path], await BulkFixture.RunAsync(_jobs.Options("s.jsonl"), path, "pics/a.png"));
        Assert.Equal(path, Assert.Single(BulkFixture.ReadLines(_jobs.PathOf("s.jsonl"))).File);
    }

    [Theory]
    [InlineData("/pics/a.png")]
    [InlineData("../pics/a.png")]
    [InlineData("x/../pics/a.png")]
    [InlineData("pics /a.png")]
    [InlineData("pics/.a.png")]
    public async Task A_path_that_may_lead_elsewhere_is_another_image(string path) =>
        Assert.Equal(["pics/a.png", path], await BulkFixture.RunAsync(_jobs.Options("r.jsonl"), "pics/a.png", path));

    [Fact]
    public async Task Shards_together_have_every_image_once()
    {
        string[] paths = [.. Enumerable.Range(0, 100).Select(i => $"{i}.png")];
        var all = new List<string>();
        for (var index = 0; index < 3; index++)
        {
            var options = _jobs.Options($"{index}.jsonl") with { Shard = new(index, 3) };
            all.AddRange(await BulkFixture.RunAsync(options, paths));
        }

        Assert.Equal(paths.Order(), all.Order());
    }

    [Fact]
    public async Task Results_that_are_there_are_an_error_unless_resumed()
    {
        await BulkFixture.RunAsync(_jobs.Options("r.jsonl"), "a");

        var fault = await Assert.ThrowsAsync<IOException>(() => BulkJob.OpenAsync(_jobs.Options("r.jsonl")));

        Assert.Contains("--resume", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Resuming_begins_where_nothing_is()
    {
        Assert.Equal(["a"], await BulkFixture.RunAsync(_jobs.Options("r.csv", resume: true), "a"));
    }

    [Fact]
    public async Task Results_made_otherwise_are_not_resumed_and_both_sides_are_named()
    {
        await BulkFixture.RunAsync(_jobs.Options("r.jsonl"), "a");
        var other = _jobs.Options("r.jsonl", resume: true) with
        {
            TopCount = 3,
            Shard = new(0, 2),
            Provenance = new Dictionary<string, string> { ["model"] = "b", ["labels"] = "x" },
        };

        var fault = await Assert.ThrowsAsync<ArgumentException>(() => BulkJob.OpenAsync(other));

        Assert.Contains("model was 'a', now it is 'b'", fault.Message, StringComparison.Ordinal);
        Assert.Contains("network was 'sha256:1', now it is not stated", fault.Message, StringComparison.Ordinal);
        Assert.Contains("top was '2', now it is '3'", fault.Message, StringComparison.Ordinal);
        Assert.Contains("shard was '0/1', now it is '0/2'", fault.Message, StringComparison.Ordinal);
        Assert.Contains("labels was not stated, now it is 'x'", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Results_of_unknown_making_are_not_resumed_and_left_alone()
    {
        File.WriteAllText(_jobs.PathOf("r.jsonl"), "mine\n");

        var fault = await Assert.ThrowsAsync<ModelFormatException>(() =>
            BulkJob.OpenAsync(_jobs.Options("r.jsonl", resume: true))
        );

        Assert.Contains("r.jsonl.job', which says how these results were made, is missing", fault.Message);
        Assert.Equal("mine\n", File.ReadAllText(_jobs.PathOf("r.jsonl")));
        Assert.False(File.Exists(_jobs.PathOf("r.jsonl.job")));
    }

    [Fact]
    public async Task A_job_that_was_killed_before_its_first_result_begins_anew()
    {
        File.WriteAllText(_jobs.PathOf("r.jsonl.job"), "{\"mod");

        Assert.Equal(["a"], await BulkFixture.RunAsync(_jobs.Options("r.jsonl"), "a"));
    }

    [Theory]
    [InlineData("r.jsonl")]
    [InlineData("r.csv")]
    public async Task Nobody_else_writes_the_same_results_meanwhile(string name)
    {
        using (await BulkJob.OpenAsync(_jobs.Options(name)))
        {
            var fault = await Assert.ThrowsAsync<IOException>(() =>
                BulkJob.OpenAsync(_jobs.Options(name, resume: true))
            );
            Assert.Contains("Another process seems to write", fault.Message, StringComparison.Ordinal);
        }
        (await BulkJob.OpenAsync(_jobs.Options(name, resume: true))).Dispose();
    }

    [Fact]
    public async Task Results_can_be_read_while_they_are_written()
    {
        using var job = await BulkJob.OpenAsync(_jobs.Options("r.jsonl"));
        var coming = System.Threading.Channels.Channel.CreateUnbounded<string>();
        var results = job.RunAsync(coming.Reader.ReadAllAsync(), BulkFixture.Classify).GetAsyncEnumerator();
        coming.Writer.TryWrite("a");
        await results.MoveNextAsync();

        var next = results.MoveNextAsync().AsTask(); // waits, so what was done is in the file

        Assert.Equal([("a", null)], BulkFixture.ReadLines(_jobs.PathOf("r.jsonl")));
        coming.Writer.Complete();
        Assert.False(await next);
    }

    [Fact]
    public async Task Who_stops_early_keeps_what_was_done()
    {
        using (var job = await BulkJob.OpenAsync(_jobs.Options("r.jsonl")))
        {
            await foreach (var result in job.RunAsync(Numbers(1000).ToAsyncEnumerable(), BulkFixture.Classify))
            {
                if (result.File == "5.png")
                {
                    break;
                }
            }
        }

        Assert.Equal(Numbers(6), BulkFixture.ReadLines(_jobs.PathOf("r.jsonl")).Select(line => line.File));
    }

    [Fact]
    public async Task Cancelled_or_failed_work_keeps_what_was_done()
    {
        using var stop = new CancellationTokenSource();
        using (var job = await BulkJob.OpenAsync(_jobs.Options("r.jsonl")))
        {
            var work = job.RunAsync(Numbers(1000).ToAsyncEnumerable(), BulkFixture.Classify, stop.Token);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            {
                await foreach (var result in work)
                {
                    await stop.CancelAsync();
                }
            });
        }
        using (var job = await BulkJob.OpenAsync(_jobs.Options("r.jsonl", resume: true)))
        {
            var work = job.RunAsync(Numbers(1000).ToAsyncEnumerable(), FailAfterTwo);
            await Assert.ThrowsAsync<InvalidOperationException>(async () => await work.CountAsync());
        }

        Assert.Equal(Numbers(3), BulkFixture.ReadLines(_jobs.PathOf("r.jsonl")).Select(line => line.File));
    }

    [Fact]
    public async Task A_job_runs_once()
    {
        using var job = await BulkJob.OpenAsync(_jobs.Options("r.jsonl"));
        await job.RunAsync(AsyncEnumerable.Empty<string>(), BulkFixture.Classify).CountAsync();

        await Assert.ThrowsAsync<InvalidOperationException>(async () =>
            await job.RunAsync(AsyncEnumerable.Empty<string>(), BulkFixture.Classify).CountAsync()
        );
    }

    [Fact]
    public async Task Another_ending_is_refused_by_name()
    {
        var fault = await Assert.ThrowsAsync<ArgumentException>(() => BulkJob.OpenAsync(_jobs.Options("r.xlsx")));

        Assert.Contains("ends in '.xlsx', expected .jsonl", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_path_with_a_null_character_is_refused() =>
        await Assert.ThrowsAsync<ArgumentException>(() => BulkFixture.RunAsync(_jobs.Options("r.csv"), "a\0b"));

    [Fact]
    public async Task More_classes_than_columns_are_an_error() =>
        await Assert.ThrowsAsync<ArgumentException>(() =>
            BulkFixture.RunAsync(_jobs.Options("r.csv") with { TopCount = 1 }, "a")
        );

    private static string[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(i => $"{i}.png")];

    private static IAsyncEnumerable<ClassificationResult> FailAfterTwo(
        IAsyncEnumerable<string> paths,
        CancellationToken cancellationToken
    ) =>
        BulkFixture
            .Classify(paths, cancellationToken)
            .Select((result, index) => index < 2 ? result : throw new InvalidOperationException("The device is gone."));
}
