using System.Buffers;
using System.Diagnostics;
using ILGpuMobileNet.Host.Serving;
using ILGpuMobileNet.Reference;

namespace ILGpuMobileNet.Host.Tests.Serving;

public sealed class BatchingTests
{
    // The longest delay that a host takes, and what an answer that did not wait for it needs at most on any machine.
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LessThanLong = TimeSpan.FromSeconds(55);

    [Fact]
    public async Task A_caller_alone_does_not_wait_for_others()
    {
        await using var fake = new FakeHost(options => options.MaximalDelay = Long);

        for (var i = 1; i <= 3; i++)
        {
            Assert.Equal(i, await fake.RunAsync(i).WaitAsync(LessThanLong));
        }

        Assert.Equal([1, 1, 1], fake.Device.Batches);
    }

    [Fact]
    public async Task Calls_that_come_while_a_device_is_busy_share_a_batch_and_get_their_own_answers()
    {
        await using var fake = new FakeHost();
        fake.Device.IsOpen = false;
        var first = fake.RunAsync(1);
        await Patience.UntilAsync(() => !fake.Device.Batches.IsEmpty);

        var others = Enumerable.Range(2, 6).Select(i => fake.RunAsync(i)).ToList();
        fake.Device.IsOpen = true;

        var answers = await Task.WhenAll(others);
        Assert.Equal([2, 3, 4, 5, 6, 7], answers);
        Assert.Equal(1, await first);
        Assert.Equal([1, 4, 2], fake.Device.Batches);
    }

    [Fact]
    public async Task Callers_who_come_again_find_each_other_in_one_batch()
    {
        await using var fake = new FakeHost(options => options.MaximalDelay = Long);
        fake.Device.RunTime = TimeSpan.FromSeconds(1); // for so long a batch waits at most
        await RunAtOnceAsync(fake, 4);
        fake.Device.Batches.Clear();

        await Task.WhenAll(Enumerable.Range(0, 4).Select(i => fake.RunAsync(i)));

        Assert.Equal([4], fake.Device.Batches);
    }

    [Fact]
    public async Task A_batch_waits_no_longer_than_the_maximal_delay_for_callers_who_do_not_come_again()
    {
        await using var fake = new FakeHost(options => options.MaximalDelay = TimeSpan.FromMilliseconds(30));
        await RunAtOnceAsync(fake, 4);

        Assert.Equal(9, await fake.RunAsync(9).WaitAsync(Patience.Limit));
    }

    [Fact]
    public async Task Who_stays_alone_does_not_wait_for_those_who_have_left()
    {
        await using var fake = new FakeHost(options => options.MaximalDelay = Long);
        fake.Device.RunTime = TimeSpan.FromMilliseconds(20);
        await RunAtOnceAsync(fake, 4);
        fake.Device.Batches.Clear();
        await Task.Delay(100); // longer than a run

        var begin = Stopwatch.GetTimestamp();
        for (var i = 0; i < 10; i++)
        {
            await fake.RunAsync(i).WaitAsync(LessThanLong);
        }

        Assert.Equal(Enumerable.Repeat(1, 10), fake.Device.Batches);
        Assert.InRange(Stopwatch.GetElapsedTime(begin), TimeSpan.Zero, LessThanLong);
    }

    [Fact]
    public async Task A_caller_who_gave_up_a_call_that_runs_and_came_again_is_not_waited_for()
    {
        await using var fake = new FakeHost(options => options.MaximalDelay = Long);
        fake.Device.IsOpen = false;
        using var cancellation = new CancellationTokenSource();
        var first = fake.RunAsync(1, null, cancellation.Token);
        await Patience.UntilAsync(() => !fake.Device.Batches.IsEmpty);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);

        var second = fake.RunAsync(2);
        fake.Device.IsOpen = true;

        Assert.Equal(2, await second.WaitAsync(LessThanLong));
    }

    [Fact]
    public async Task A_preferred_size_does_not_wait_for_more()
    {
        await using var fake = new FakeHost(options => (options.MaximalDelay, options.PreferredBatches) = (Long, [2]));
        await RunAtOnceAsync(fake, 4);
        fake.Device.Batches.Clear();

        await Task.WhenAll(fake.RunAsync(1), fake.RunAsync(2)).WaitAsync(LessThanLong);

        Assert.Equal([2], fake.Device.Batches);
    }

    [Fact]
    public async Task An_idle_device_takes_the_work_of_a_busy_one()
    {
        FakeDevice[] devices = [new("slow"), new("fast")];
        await using var fake = new FakeHost(null, devices);
        devices[0].IsOpen = devices[1].IsOpen = false;
        var calls = Enumerable.Range(0, 24).Select(i => fake.RunAsync(i)).ToList();
        await Patience.UntilAsync(() => devices.All(device => !device.Batches.IsEmpty));

        devices[1].IsOpen = true;
        await Patience.UntilAsync(() => calls.Count(call => call.IsCompleted) >= 20);
        devices[0].IsOpen = true;

        Assert.Equal(Enumerable.Range(0, 24).Select(i => (float)i), await Task.WhenAll(calls));
        Assert.Single(devices[0].Batches);
    }

    [Fact]
    public async Task A_full_host_rejects_where_it_is_told_to()
    {
        await using var fake = new FakeHost(options =>
            (options.QueueCapacity, options.WhenFull) = (2, WhenFull.Reject)
        );
        fake.Device.IsOpen = false;
        var calls = new[] { fake.RunAsync(1), fake.RunAsync(2) };

        var fault = await Assert.ThrowsAsync<QueueFullException>(() => fake.RunAsync(3));

        Assert.Equal(2, fault.Capacity);
        fake.Device.IsOpen = true;
        var answers = await Task.WhenAll(calls);
        Assert.Equal([1, 2], answers);
        Assert.Equal(4, await fake.RunAsync(4));
    }

    [Fact]
    public async Task A_caller_who_was_answered_has_left_and_is_not_rejected_for_coming_again()
    {
        await using var fake = new FakeHost(options =>
            (options.QueueCapacity, options.WhenFull) = (1, WhenFull.Reject)
        );
        var picture = "P6 1 1 255\nabc"u8.ToArray();

        for (var i = 0; i < 1000; i++)
        {
            await fake.Host.ClassifyAsync(picture);
            await Assert.ThrowsAsync<ImageFormatException>(() => fake.Host.ClassifyAsync(picture.AsMemory(0, 5)));
        }
    }

    [Fact]
    public async Task A_full_host_lets_calls_wait_otherwise()
    {
        await using var fake = new FakeHost(options => options.QueueCapacity = 2);
        fake.Device.IsOpen = false;
        var calls = Enumerable.Range(0, 9).Select(i => fake.RunAsync(i)).ToList();
        Assert.Equal(9, fake.Host.CallCount);

        fake.Device.IsOpen = true;

        Assert.Equal(Enumerable.Range(0, 9).Select(i => (float)i), await Task.WhenAll(calls));
        Assert.All(fake.Device.Batches, size => Assert.InRange(size, 1, 2));
    }

    [Theory]
    [InlineData(2)] // in a batch that fills
    [InlineData(40)] // waiting for a place in one, too
    public async Task A_call_that_is_cancelled_frees_its_place(int count)
    {
        await using var fake = new FakeHost();
        fake.Device.IsOpen = false;
        var running = fake.RunAsync(100);
        await Patience.UntilAsync(() => !fake.Device.Batches.IsEmpty);
        using var cancellation = new CancellationTokenSource();
        var calls = Enumerable.Range(0, count).Select(i => fake.RunAsync(i, null, TokenOf(i))).ToList();

        await cancellation.CancelAsync();

        foreach (var (i, call) in calls.Index().Where(call => call.Index % 2 == 0))
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        }
        Assert.Equal(1 + count / 2, fake.Host.CallCount);
        fake.Device.IsOpen = true;
        Assert.Equal(100, await running);
        foreach (var (i, call) in calls.Index().Where(call => call.Index % 2 == 1))
        {
            Assert.Equal(i, await call);
        }
        Assert.Equal(1 + count / 2, fake.Device.Batches.Sum());

        CancellationToken TokenOf(int i) => i % 2 == 0 ? cancellation.Token : default;
    }

    [Fact]
    public async Task A_call_that_is_cancelled_while_it_runs_leaves_its_buffer_alone()
    {
        await using var fake = new FakeHost();
        fake.Device.IsOpen = false;
        using var cancellation = new CancellationTokenSource();
        var output = new float[fake.Host.Output.ElementCount];
        var image = Enumerable.Repeat(1f, (int)fake.Host.Input.ElementCount).ToArray();
        var call = fake.Host.RunAsync(image, output, null, cancellation.Token);
        await Patience.UntilAsync(() => !fake.Device.Batches.IsEmpty);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        fake.Device.IsOpen = true;
        Assert.Equal(5, await fake.RunAsync(5));
        Assert.All(output, value => Assert.Equal(0, value));
    }

    [Fact]
    public async Task A_time_limit_ends_a_call_that_waits()
    {
        await using var fake = new FakeHost(options => options.TimeLimit = TimeSpan.FromMilliseconds(30));
        fake.Device.IsOpen = false;

        await Assert.ThrowsAsync<TimeoutException>(() => fake.RunAsync(1));
        await Assert.ThrowsAsync<TimeoutException>(() => fake.RunAsync(2, TimeSpan.FromMilliseconds(5)));

        fake.Device.IsOpen = true;
        Assert.Equal(3, await fake.RunAsync(3, Patience.Limit));
    }

    [Fact]
    public async Task Arrays_of_another_size_are_refused()
    {
        await using var fake = new FakeHost();

        var fault = await Assert.ThrowsAsync<ArgumentException>(() =>
            fake.Host.RunAsync(new float[5], new float[fake.Host.Output.ElementCount])
        );

        Assert.Contains("Got 5 floats, expected 3072: one image of 32x32x3.", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Memory_that_cannot_be_read_fails_its_own_call_alone()
    {
        await using var fake = new FakeHost();
        fake.Device.IsOpen = false;
        var first = fake.RunAsync(1);
        await Patience.UntilAsync(() => !fake.Device.Batches.IsEmpty);
        var output = new float[fake.Host.Output.ElementCount];
        using var memory = new LostMemory((int)fake.Host.Input.ElementCount);

        var lost = fake.Host.RunAsync(memory.Memory, output);
        var other = fake.RunAsync(2);
        fake.Device.IsOpen = true;

        await Assert.ThrowsAsync<ObjectDisposedException>(() => lost);
        Assert.Equal((1, 2), (await first, await other));
        Assert.All(output, value => Assert.Equal(0, value));
    }

    [Fact]
    public async Task Memory_that_cancels_its_own_call_holds_nobody_up()
    {
        await using var fake = new FakeHost();
        using var cancellation = new CancellationTokenSource();
        using var memory = new CancellingMemory(new float[fake.Host.Input.ElementCount], cancellation);
        var output = new float[fake.Host.Output.ElementCount];

        var call = fake.Host.RunAsync(memory.Memory, output, null, cancellation.Token);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.WaitAsync(Patience.Limit));
        Assert.Equal(3, await fake.RunAsync(3).WaitAsync(Patience.Limit));
    }

    private sealed class CancellingMemory(float[] values, CancellationTokenSource cancellation) : MemoryManager<float>
    {
        public override Memory<float> Memory => CreateMemory(values.Length);

        public override Span<float> GetSpan()
        {
            cancellation.Cancel();
            return values;
        }

        public override MemoryHandle Pin(int elementIndex = 0) => throw new NotSupportedException();

        public override void Unpin() => throw new NotSupportedException();

        protected override void Dispose(bool disposing) { }
    }

    private sealed class LostMemory(int length) : MemoryManager<float>
    {
        public override Memory<float> Memory => CreateMemory(length);

        public override Span<float> GetSpan() => throw new ObjectDisposedException(nameof(LostMemory));

        public override MemoryHandle Pin(int elementIndex = 0) => throw new NotSupportedException();

        public override void Unpin() => throw new NotSupportedException();

        protected override void Dispose(bool disposing) { }
    }

    // As many calls in one batch: the device is held until all have come.
    private static async Task RunAtOnceAsync(FakeHost fake, int count)
    {
        fake.Device.IsOpen = false;
        var first = fake.RunAsync(0);
        await Patience.UntilAsync(() => !fake.Device.Batches.IsEmpty);
        var others = Enumerable.Range(0, count).Select(i => fake.RunAsync(i)).ToList();
        fake.Device.IsOpen = true;
        await first;
        await Task.WhenAll(others);
    }
}
