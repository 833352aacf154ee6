using ILGpuMobileNet.Host.Features;
using ILGpuMobileNet.Host.Serving;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Reference;

namespace ILGpuMobileNet.Host.Tests.Serving;

public sealed class HostedPicturesTests : IDisposable
{
    private static readonly ModelOptions Model = new()
    {
        Model = "mobilenet_v3_small",
        RandomSeed = 3,
        Resolution = Extent.Square(64),
    };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(2, 1)]
    [InlineData(1, 3)] // threads of a session gather its images together
    public async Task Results_are_those_of_each_picture_alone_to_the_bit(int sessions, int threads)
    {
        using var alone = await Classifier.LoadAsync(
            new(Model)
            {
                MaximalBatch = 1,
                TopCount = 1000,
                Device = DeviceName.Cpu,
            }
        );
        var paths = Pictures(23);
        await using var host = await StartAsync(options =>
            (options.Devices, options.ThreadCount) = ([.. Enumerable.Repeat(DeviceName.Cpu, sessions)], threads)
        );

        var results = await Task.WhenAll(paths.Select(path => host.ClassifyAsync(path)));

        Assert.Equal(paths, results.Select(result => result.File));
        Assert.All(results, result => Assert.Equal(alone.Classify(result.File).Predictions, result.Predictions));
        Assert.Equal(Enumerable.Repeat("cpu", sessions), host.Devices);
    }

    [Fact]
    public async Task Many_pictures_come_in_order_and_a_bad_one_is_reported()
    {
        List<string> paths =
        [
            .. Pictures(40),
            _folder.Write("bad.png", "no picture"),
            _folder.PathOf("missing.png"),
            .. Pictures(3),
        ];
        await using var host = await StartAsync(options =>
            (options.QueueCapacity, options.WhenFull) = (5, WhenFull.Reject)
        );

        var results = new List<ClassificationResult>();
        await foreach (var result in host.ClassifyManyAsync(paths.ToAsyncEnumerable()))
        {
            results.Add(result);
        }

        Assert.Equal(paths, results.Select(result => result.File));
        Assert.Equal([40, 41], results.Index().Where(pair => pair.Item.Error is not null).Select(pair => pair.Index));
    }

    [Fact]
    public async Task An_enumeration_that_is_left_or_cancelled_leaves_nothing_behind()
    {
        var paths = Pictures(30);
        await using var host = await StartAsync();

        await foreach (var _ in host.ClassifyManyAsync(paths.ToAsyncEnumerable()))
        {
            break;
        }
        await Patience.UntilAsync(() => host.CallCount == 0);

        using var cancellation = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in host.ClassifyManyAsync(paths.ToAsyncEnumerable(), cancellation.Token))
            {
                await cancellation.CancelAsync();
            }
        });
        await Patience.UntilAsync(() => host.CallCount == 0);
    }

    [Fact]
    public async Task Features_and_classes_share_a_host()
    {
        var features = new[] { FeatureSource.Embedding, FeatureSource.AtStride(16) };
        var path = Pictures(1)[0];
        using var extractor = await FeatureExtractor.LoadAsync(
            new(Model) { Features = features, Device = DeviceName.Cpu }
        );
        await using var host = await StartAsync(options => options.Features = features);

        var classes = host.ClassifyAsync(path);
        var embedding = await host.EmbedAsync(path);
        var fromMemory = await host.EmbedAsync(ImageFile.Load(path), "memory");
        var uploaded = await host.EmbedAsync(File.ReadAllBytes(path), "upload");

        var expected = extractor.Extract(path);
        Assert.Equal(path, embedding.File);
        Assert.Equal(("memory", "upload"), (fromMemory.File, uploaded.File));
        foreach (var result in new[] { embedding, fromMemory, uploaded })
        {
            Assert.Equal(
                expected.Features.Select(f => f.Data.ToArray()),
                result.Features.Select(f => f.Data.ToArray())
            );
            Assert.Equal(
                expected.Features.Select(f => f.Shape.ToArray()),
                result.Features.Select(f => f.Shape.ToArray())
            );
        }
        Assert.Equal(1000, (await host.ClassifyAsync(ImageFile.Load(path), "memory")).Predictions.Count);
        Assert.Null((await classes).Error);
    }

    [Fact]
    public async Task What_a_host_was_not_asked_for_is_refused()
    {
        await using var host = await StartAsync();

        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => host.EmbedAsync("any.png"));
        Assert.Contains("Features", fault.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ImageFormatException>(() =>
            host.ClassifyAsync(_folder.Write("bad.png", "no picture"))
        );
        await Assert.ThrowsAsync<FileNotFoundException>(() => host.ClassifyAsync(_folder.PathOf("missing.png")));
        await Patience.UntilAsync(() => host.CallCount == 0);
    }

    [Fact]
    public async Task A_host_tells_what_it_runs()
    {
        await using var host = await StartAsync();

        Assert.Equal(("mobilenet_v3_small", new FeatureShape(64, 64, 3)), (host.Model, host.Input));
        Assert.Equal(new FeatureShape(1, 1, 1000), host.Output);
        Assert.NotEmpty(host.PreparedAs);
        Assert.NotNull(host.Preprocessing);
        Assert.NotNull(host.Assumptions);
    }

    [Fact]
    public async Task Options_out_of_range_are_refused_by_name()
    {
        (string Name, Action<MobileNetHostOptions> Spoil)[] faults =
        [
            ("TopCount", options => options.TopCount = 0),
            ("ThreadCount", options => options.ThreadCount = -1),
            ("MaximalBatch", options => options.MaximalBatch = 0),
            ("MaximalBatch", options => options.MaximalBatch = ClassifierOptions.LargestBatch + 1),
            ("MaximalDelay", options => options.MaximalDelay = TimeSpan.FromHours(1)),
            ("QueueCapacity", options => options.QueueCapacity = 0),
            ("DecoderCount", options => options.DecoderCount = -1),
            ("ProbeInterval", options => options.ProbeInterval = TimeSpan.Zero),
            ("limit", options => options.TimeLimit = TimeSpan.Zero),
            ("name", options => options.Name = ""),
            ("device", options => options.Devices = []),
            ("preferred batch 9", options => options.PreferredBatches = [4, 9]),
        ];
        foreach (var (name, spoil) in faults)
        {
            var fault = await Assert.ThrowsAnyAsync<ArgumentException>(() => StartAsync(spoil));
            Assert.Contains(name, fault.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_host_over_its_memory_budget_does_not_start_and_spells_the_sum_out()
    {
        var fault = await Assert.ThrowsAsync<InsufficientMemoryException>(() =>
            StartAsync(options =>
                (options.Devices, options.MemoryBudgetBytes) = ([DeviceName.Cpu, DeviceName.Cpu], 4_000_000)
            )
        );

        Assert.Contains("A host of mobilenet_v3_small, batch 4, needs", fault.Message, StringComparison.Ordinal);
        Assert.Contains("the budget is 3.8 MiB: cpu", fault.Message, StringComparison.Ordinal);
        Assert.Contains("of images and results that wait", fault.Message, StringComparison.Ordinal);
        await using var host = await StartAsync(options => options.MemoryBudgetBytes = 1 << 30);
    }

    [Fact]
    public async Task Calls_are_answered_while_a_large_picture_is_resized()
    {
        var picture = new RgbImage(5000, 5000, new byte[5000 * 5000 * 3]);
        await using var host = await StartAsync(options => options.MaximalDelay = TimeSpan.Zero);
        var (input, output) = (new float[host.Input.ElementCount], new float[host.Output.ElementCount]);
        var most = 0;
        for (var round = 0; round < 20 && most < 5; round++) // a busy machine may not let the two run side by side
        {
            var large = host.ClassifyAsync(picture);
            var count = 0;
            for (; !large.IsCompleted; count++)
            {
                await host.RunAsync(input, output);
            }
            await large;
            most = Math.Max(most, count);
        }

        Assert.InRange(most, 5, int.MaxValue); // no more than two came through while it had a place in their batch
    }

    [Fact]
    public async Task Pictures_are_prepared_only_as_far_ahead_as_their_memory_reaches()
    {
        var room = new PreparationRoom(
            new(FakeHost.Model.Preprocessing, new(8, 8, 3), 1),
            new(8, 8, 3),
            capacity: 2,
            decoders: 2
        );
        var first = await room.EnterAsync(default);
        await room.EnterAsync(default);

        var third = room.EnterAsync(default).AsTask();
        Assert.False(third.IsCompleted);
        room.Leave(first);

        Assert.Same(first, await third.WaitAsync(Patience.Limit));
        using var cancellation = new CancellationTokenSource();
        var fourth = room.EnterAsync(cancellation.Token).AsTask();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fourth);
    }

    private static Task<MobileNetHost> StartAsync(Action<MobileNetHostOptions>? configure = null)
    {
        var options = new MobileNetHostOptions
        {
            Model = Model,
            TopCount = 1000,
            Devices = [DeviceName.Cpu],
            MaximalBatch = 4,
        };
        configure?.Invoke(options);
        return MobileNetHost.StartAsync(options);
    }

    private List<string> Pictures(int count) =>
        [.. Enumerable.Range(0, count).Select(i => _folder.WriteImage($"{i}.ppm", i, 70 + i, 90 - i))];
}
