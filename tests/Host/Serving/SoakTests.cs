using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using ILGpuMobileNet.Host.Serving;
using ILGpuMobileNet.Network.Execution;
using ILGpuMobileNet.Reference;
using Xunit.Abstractions;

namespace ILGpuMobileNet.Host.Tests.Serving;

/// <summary>
/// Callers come and go, give up at random and send bad pictures while devices fail and return. MOBILENET_SOAK_SECONDS
/// sets its length; 30 unless set.
/// </summary>
[CollectionDefinition(nameof(SoakTests), DisableParallelization = true)]
[Collection(nameof(SoakTests))]
public sealed class SoakTests(ITestOutputHelper output) : IDisposable
{
    private const int Callers = 48;
    private const int Capacity = 32;
    private const int Pictures = 24;

    private static readonly ModelOptions Model = new()
    {
        Model = "mobilenet_v3_small",
        RandomSeed = 3,
        Resolution = Kernels.Extent.Square(32),
    };

    private sealed record Memory(double Seconds, long Heap, long Process);

    private readonly TemporaryFolder _folder = new();
    private readonly ConcurrentDictionary<string, int> _outcomes = new();
    private readonly List<string> _paths = [];
    private IReadOnlyList<Prediction>[] _known = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task No_call_is_lost_or_answered_wrongly_and_memory_stays_flat()
    {
        await LearnAnswersAsync();
        var options = new MobileNetHostOptions
        {
            Devices = [DeviceName.Cpu, DeviceName.Cpu],
            MaximalBatch = 5,
            TopCount = 1000,
            QueueCapacity = Capacity,
            WhenFull = WhenFull.Reject,
            ProbeInterval = TimeSpan.FromMilliseconds(20),
        };
        var random = new Random(7);
        var model = new HostedModel(ModelSource.Load(Model), options, default);
        var sessions = new SessionFactory(model.Model, new(options.MaximalBatch, ThreadCount: 1));
        var failures = 0;
        await using var host = new MobileNetHost(
            model,
            options.Checked(),
            place => place == 0 ? sessions.Open(DeviceName.Cpu) : Flaky(sessions.Open(DeviceName.Cpu))
        );
        var length = Environment.GetEnvironmentVariable("MOBILENET_SOAK_SECONDS") is { } text
            ? TimeSpan.FromSeconds(double.Parse(text, CultureInfo.InvariantCulture))
            : TimeSpan.FromSeconds(30);
        var end = Stopwatch.GetTimestamp() + (long)(length.TotalSeconds * Stopwatch.Frequency);

        var callers = Enumerable.Range(0, Callers).Select(i => Task.Run(() => CallAsync(host, i, end))).ToList();
        var memory = await WatchAsync(host, end);
        await Task.WhenAll(callers);

        foreach (var (outcome, count) in _outcomes.OrderBy(pair => pair.Key))
        {
            output.WriteLine($"{outcome}: {count}");
        }
        await Patience.UntilAsync(() => host.CallCount == 0);
        Assert.All(
            ["answered", "cancelled", "bad picture", "no picture", "rejected"],
            outcome => Assert.True(_outcomes.GetValueOrDefault(outcome) > 0, $"no call was {outcome}")
        );
        output.WriteLine($"the device failed: {failures}");
        Assert.True(failures > 0);
        AssertFlat("heap", memory, at => at.Heap, 2e6);
        AssertFlat("process", memory, at => at.Process, 64e6);

        FlakySession Flaky(ISession session) =>
            new(session, "flaky", 0.05, random, () => Interlocked.Increment(ref failures));
    }

    private void AssertFlat(string what, List<Memory> memory, Func<Memory, long> bytesOf, double limit)
    {
        var growth = Growth(memory, bytesOf);
        output.WriteLine(
            $"{what} {bytesOf(memory[^1]) / 1e6:0.0} MB, growing by {growth / 1e6:0.00} MB in the soak's length"
        );
        Assert.True(growth < limit, $"The {what} grew by {growth} bytes.");
    }

    // A caller stays for some calls, goes, and another one comes.
    private async Task CallAsync(MobileNetHost host, int seed, long end)
    {
        var random = new Random(seed);
        while (Stopwatch.GetTimestamp() < end)
        {
            var outcome = await OneAsync(host, random).WaitAsync(Patience.Limit);
            _outcomes.AddOrUpdate(outcome, 1, (_, count) => count + 1);
            if (outcome == "rejected" || random.Next(10) == 0)
            {
                await Task.Delay(random.Next(50));
            }
        }
    }

    private async Task<string> OneAsync(MobileNetHost host, Random random)
    {
        var index = random.Next(Pictures + 2);
        using var cancellation = new CancellationTokenSource();
        if (random.Next(5) == 0)
        {
            cancellation.CancelAfter(random.Next(20));
        }
        try
        {
            var result = await host.ClassifyAsync(_paths[index], null, cancellation.Token);
            Assert.Equal(_paths[index], result.File);
            Assert.Equal(_known[index], result.Predictions);
            return "answered";
        }
        catch (OperationCanceledException)
        {
            Assert.True(cancellation.IsCancellationRequested);
            return "cancelled";
        }
        catch (ImageFormatException)
        {
            Assert.Equal(Pictures, index);
            return "bad picture";
        }
        catch (FileNotFoundException)
        {
            Assert.Equal(Pictures + 1, index);
            return "no picture";
        }
        catch (QueueFullException)
        {
            return "rejected";
        }
    }

    private static async Task<List<Memory>> WatchAsync(MobileNetHost host, long end)
    {
        var memory = new List<Memory>();
        while (Stopwatch.GetTimestamp() < end)
        {
            await Task.Delay(500);
            Assert.InRange(host.CallCount, 0, Capacity);
            var seconds = Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency;
            memory.Add(new(seconds, LiveBytes(), Environment.WorkingSet));
        }
        return memory;
    }

    // What a collection left: not what the callers allocated since.
    private static long LiveBytes()
    {
        GC.Collect();
        var collection = GC.GetGCMemoryInfo(GCKind.FullBlocking);
        return collection.HeapSizeBytes - collection.FragmentedBytes;
    }

    /// <summary>Least squares slope over the second half, times the length: the first half fills pools.</summary>
    private static double Growth(List<Memory> memory, Func<Memory, long> bytesOf)
    {
        var half = memory.Skip(memory.Count / 2).ToList();
        var (meanTime, meanBytes) = (half.Average(at => at.Seconds), half.Average(bytesOf));
        var slope =
            half.Sum(at => (at.Seconds - meanTime) * (bytesOf(at) - meanBytes))
            / half.Sum(at => (at.Seconds - meanTime) * (at.Seconds - meanTime));
        return slope * (memory[^1].Seconds - memory[0].Seconds);
    }

    private async Task LearnAnswersAsync()
    {
        using var alone = await Classifier.LoadAsync(
            new(Model)
            {
                Device = DeviceName.Cpu,
                TopCount = 1000,
                MaximalBatch = 1,
            }
        );
        _paths.AddRange(Enumerable.Range(0, Pictures).Select(i => _folder.WriteImage($"{i}.ppm", i, 40 + i, 60 - i)));
        _known = [.. _paths.Select(path => alone.Classify(path).Predictions)];
        Assert.Equal(Pictures, _known.Select(predictions => predictions[0].Score).Distinct().Count());
        _paths.Add(_folder.Write("bad.png", "no picture"));
        _paths.Add(_folder.PathOf("missing.png"));
    }
}
