using System.Collections.Concurrent;
using System.Diagnostics;
using ILGpuMobileNet.Network.Execution;

namespace ILGpuMobileNet.Host.Tests.Serving;

public sealed class HostTracesTests
{
    [Fact]
    public async Task A_batch_links_to_its_calls_which_are_children_of_what_called()
    {
        var ended = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "ILGpuMobileNet",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = ended.Enqueue,
        };
        using var caller = new Activity("caller").Start();
        await using var fake = new FakeHost(null, new FakeDevice("traced"));
        ActivitySource.AddActivityListener(listener);

        await fake.RunAsync(1);
        fake.Device.FailNext(1);
        await Assert.ThrowsAsync<DeviceException>(() => fake.RunAsync(2));

        var batches = ended.Where(a => Equals(a.GetTagItem("mobilenet.device"), "traced")).ToList();
        var calls = ended.Where(a => a.OperationName == "mobilenet.call" && a.TraceId == caller.TraceId).ToList();
        Assert.All(calls, call => Assert.Equal(caller.SpanId, call.ParentSpanId));
        Assert.All(batches, batch => Assert.Null(batch.Parent));
        Assert.Equal(calls.Select(call => call.SpanId), batches.Select(batch => batch.Links.Single().Context.SpanId));
        Assert.Equal(["answered", "failed"], calls.Select(call => call.GetTagItem("mobilenet.outcome")));
        Assert.All([calls[1], batches[1]], failed => Assert.Equal(ActivityStatusCode.Error, failed.Status));
        Assert.Equal(ActivityStatusCode.Unset, calls[0].Status);
    }
}
