using System.Collections.Immutable;
using System.Diagnostics;
using ILGpuMobileNet.Network.Execution;

namespace ILGpuMobileNet.Host;

/// <summary>Median times of a session's runs, in seconds.</summary>
/// <param name="Run">A whole run.</param>
/// <param name="Steps">Each step.</param>
internal sealed record RunTimes(double Run, ImmutableArray<double> Steps)
{
    private const int LeastWarmUp = 2;
    private const int WarmUpShare = 5;

    /// <summary>Warms up for a fifth of the rounds, then lets whole runs and runs step by step take turns.</summary>
    /// <param name="trial">The session with its images.</param>
    /// <param name="stepCount">Steps of the session.</param>
    /// <param name="rounds">Runs of either kind, at least 1.</param>
    /// <param name="cancellationToken">Stops between two runs.</param>
    public static RunTimes Measure(Trial trial, int stepCount, int rounds, CancellationToken cancellationToken)
    {
        var (runs, steps) = (new List<double>(), new List<double[]>());
        var clock = new StepClock(stepCount);
        var warmUp = Math.Max(LeastWarmUp, rounds / WarmUpShare);
        for (var round = -warmUp; round < rounds; round++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var run = trial.Run();
            trial.Run(clock);
            if (round >= 0)
            {
                runs.Add(run);
                steps.Add(Seconds(clock.Ticks));
            }
        }
        var medians = Enumerable.Range(0, stepCount).Select(step => Trial.Median(steps.Select(times => times[step])));
        return new(Trial.Median(runs), [.. medians]);
    }

    // No step takes no time; a timer that is too coarse to see it must not make its rates infinite.
    private static double[] Seconds(ReadOnlySpan<long> ticks)
    {
        var seconds = new double[ticks.Length];
        for (var i = 0; i < seconds.Length; i++)
        {
            seconds[i] = Math.Max(1, ticks[i]) / (double)Stopwatch.Frequency;
        }
        return seconds;
    }
}
