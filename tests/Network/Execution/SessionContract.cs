using ILGpuMobileNet.Network.Execution;

namespace ILGpuMobileNet.Network.Tests.Execution;

/// <summary>What every kind of session refuses, and how it ends.</summary>
/// <param name="create">Opens a session of a small network for a largest batch.</param>
internal sealed class SessionContract(Func<int, ISession> create)
{
    public void RefusesBatchesOutOfRange(int batch)
    {
        using var session = create(2);
        var fault = Assert.Throws<ArgumentOutOfRangeException>(() => session.Run([], Span<float>.Empty, batch));
        Assert.Contains("1 to 2 images", fault.Message, StringComparison.Ordinal);
    }

    public void RefusesSpansOfTheWrongLength()
    {
        using var session = create(2);
        var (pixels, classes) = ((int)session.Input.ElementCount, (int)session.Output.ElementCount);
        var input = Assert.Throws<ArgumentException>(() => session.Run(new float[2 * pixels], new float[classes], 1));
        Assert.Equal("input", input.ParamName);
        Assert.Contains($"Got {2 * pixels} floats, expected {pixels}", input.Message, StringComparison.Ordinal);
        var output = Assert.Throws<ArgumentException>(() => session.Run(new float[pixels], new float[classes - 1], 1));
        Assert.Equal("output", output.ParamName);
    }

    public void RefusesBuffersThatAreNotOneForEachOutput()
    {
        using var session = create(2);
        var (pixels, classes) = (new float[session.Input.ElementCount], new float[session.Output.ElementCount]);
        session.Run(pixels, [classes], 1);
        var none = Assert.Throws<ArgumentException>(() => session.Run(pixels, ReadOnlySpan<Memory<float>>.Empty, 1));
        Assert.StartsWith("Got 0 buffers, expected 1: one for each output.", none.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>("outputs", () => session.Run(pixels, [classes, classes], 1));
        Assert.Throws<ArgumentException>("outputs", () => session.Run(pixels, [classes.AsMemory(1)], 1));
    }

    public void CanBeDisposedTwiceAndThenNotBeRun()
    {
        var session = create(1);
        session.Dispose();
        session.Dispose();
        Assert.Throws<ObjectDisposedException>(() => Run(session, 1));
    }

    public void RefusesASecondCallerAndWorksAgainAfterwards(int batch)
    {
        using var session = create(batch);
        var refusals = 0;
        Parallel.For(
            0,
            8,
            _ =>
            {
                try
                {
                    Run(session, batch);
                }
                catch (InvalidOperationException fault)
                {
                    Assert.Contains("one caller at a time", fault.Message, StringComparison.Ordinal);
                    Interlocked.Increment(ref refusals);
                }
            }
        );
        Assert.True(refusals < 8);
        Run(session, batch);
    }

    public void WaitsForARunUnderWayWhenDisposed()
    {
        var session = create(2);
        var caller = Task.Run(() =>
        {
            while (true)
            {
                Run(session, 2);
            }
        });
        Thread.Sleep(50);
        session.Dispose();
        Assert.Throws<ObjectDisposedException>(() => caller.GetAwaiter().GetResult());
    }

    private static void Run(ISession session, int batch) =>
        session.Run(
            new float[batch * session.Input.ElementCount],
            new float[batch * session.Output.ElementCount],
            batch
        );
}
