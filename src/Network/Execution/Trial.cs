using System.Diagnostics;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Network.Execution;

/// <summary>A session with images to measure it on: a full batch of formula values.</summary>
internal sealed class Trial
{
    private const ulong InputSeed = 1;

    private readonly ISession _session;
    private readonly float[] _input;
    private readonly float[] _output;

    /// <summary>Makes the images.</summary>
    /// <param name="session">The session; it stays the caller's.</param>
    /// <exception cref="OverflowException">The batch is more than an array holds.</exception>
    public Trial(ISession session)
    {
        _session = session;
        _input = new float[checked(session.MaximalBatch * session.Input.ElementCount)];
        _output = new float[checked(session.MaximalBatch * session.Output.ElementCount)];
        WeightFormula.Fill("input", InputSeed, _input, scale: 2, offset: -1);
    }

    /// <summary>Time of one run, in seconds.</summary>
    public double Run()
    {
        var before = Stopwatch.GetTimestamp();
        _session.Run(_input, _output, _session.MaximalBatch);
        return Stopwatch.GetElapsedTime(before).TotalSeconds;
    }

    /// <summary>One run that tells the time of every step.</summary>
    /// <param name="clock">Receives the times of this run.</param>
    public void Run(StepClock clock)
    {
        clock.Reset();
        ((ITimedSession)_session).Run(_input, _output, _session.MaximalBatch, clock);
    }

    /// <summary>The middle one of some times; the mean of two in the middle.</summary>
    /// <param name="times">At least one.</param>
    public static double Median(IEnumerable<double> times)
    {
        var sorted = times.Order().ToList();
        var middle = sorted.Count / 2;
        return sorted.Count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
