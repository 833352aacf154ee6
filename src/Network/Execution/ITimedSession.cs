using System.Collections.Immutable;
using System.Diagnostics;

namespace ILGpuMobileNet.Network.Execution;

/// <summary>A session whose steps can be timed one by one.</summary>
internal interface ITimedSession
{
    /// <summary>The steps in the order they run.</summary>
    ImmutableArray<StepCost> Steps { get; }

    /// <summary>Images of a full batch that a step works off together; for more it runs several times.</summary>
    int Chunk { get; }

    /// <summary>Whether each step is followed by a wait for the device, so that the times add up to more than a run's.</summary>
    bool WaitsAfterSteps { get; }

    /// <summary>A run as <see cref="ISession.Run(ReadOnlySpan{float}, Span{float}, int)"/>, with the time of every step.</summary>
    /// <param name="input">Images.</param>
    /// <param name="output">Receives the results.</param>
    /// <param name="batch">Images N.</param>
    /// <param name="clock">Receives the times.</param>
    void Run(ReadOnlySpan<float> input, Span<float> output, int batch, StepClock clock);
}

/// <summary>Notes how long each step of a run takes; what a step takes for several parts of a batch is added up.</summary>
/// <param name="stepCount">Steps of the plan.</param>
internal sealed class StepClock(int stepCount)
{
    private readonly long[] _ticks = new long[stepCount];

    /// <summary>Time of each step since <see cref="Reset"/>, in ticks of <see cref="Stopwatch"/>.</summary>
    public ReadOnlySpan<long> Ticks => _ticks;

    /// <summary>Forgets the times.</summary>
    public void Reset() => Array.Clear(_ticks);

    /// <summary>A step ends and the next one begins.</summary>
    /// <param name="step">Index of the step that ends.</param>
    /// <param name="start">When it began, as <see cref="Stopwatch"/> counts.</param>
    /// <param name="threads">Threads that each time steps of their own at the same time: each counts its part.</param>
    /// <returns>The time now.</returns>
    public long Lap(int step, long start, int threads = 1)
    {
        var now = Stopwatch.GetTimestamp();
        Interlocked.Add(ref _ticks[step], (now - start) / threads);
        return now;
    }
}
