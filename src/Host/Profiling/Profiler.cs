using ILGpuMobileNet.Network;
using ILGpuMobileNet.Network.Execution;
using ILGpuMobileNet.Network.Graph;

namespace ILGpuMobileNet.Host;

/// <summary>Measures every step of a network, next to what the machine could do at most.</summary>
public static class Profiler
{
    /// <summary>Runs that are measured unless a number is given.</summary>
    public const int DefaultRounds = 30;

    /// <summary>
    /// Opens a session, measures the bounds of the CPU when it runs there, warms up, and then measures whole runs and
    /// runs step by step in turns.
    /// </summary>
    /// <param name="model">The network and its weights.</param>
    /// <param name="device">Where it runs.</param>
    /// <param name="options">Batch, and threads on the CPU.</param>
    /// <param name="rounds">Runs to measure, at least 1.</param>
    /// <param name="cancellationToken">Stops between two runs.</param>
    /// <exception cref="ArgumentOutOfRangeException">The batch or the rounds are below 1.</exception>
    /// <exception cref="ArgumentException">A feature map of the batch is more than a GPU's kernels can index.</exception>
    /// <exception cref="DeviceNotAvailableException">The device cannot be used here.</exception>
    /// <exception cref="DeviceException">The device is there, but its driver failed.</exception>
    /// <exception cref="Network.Weights.ModelFormatException">The weights do not fit the network.</exception>
    /// <exception cref="InsufficientMemoryException">The session needs more memory than the device has.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static NetworkProfile Run(
        Model model,
        DeviceName device,
        SessionOptions options,
        int rounds = DefaultRounds,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(rounds, 1);
        using var session = Devices.CreateSession(model, device, options);
        var machine = session is CpuSession cpu ? MachineBounds.Measure(cpu.ThreadCount) : null;
        var timed = (ITimedSession)session;
        var times = RunTimes.Measure(new(session), timed.Steps.Length, rounds, cancellationToken);
        return new(
            model.Graph.Name,
            session.Device,
            session.MaximalBatch,
            rounds,
            times.Run,
            machine,
            [.. timed.Steps.Select((cost, i) => Describe(session, cost, times.Steps[i], machine, times.Steps.Sum()))]
        )
        {
            WaitedAfterSteps = timed.WaitsAfterSteps,
        };
    }

    private static StepProfile Describe(
        ISession session,
        StepCost cost,
        double seconds,
        MachineBounds? machine,
        double total
    )
    {
        var (batch, chunk) = (session.MaximalBatch, ((ITimedSession)session).Chunk);
        var (full, rest) = Math.DivRem(batch, chunk);
        var bytes = full * cost.Bytes(chunk) + (rest == 0 ? 0 : cost.Bytes(rest));
        var flops = 2 * cost.Macs * batch;
        var (input, output) = (LayerSummary.Axes(cost.Input), LayerSummary.Axes(cost.Output));
        return new(cost.Name, cost.Operation, input, output, seconds, flops, bytes)
        {
            Share = seconds / total,
            Bound = machine is null ? null : StepBound.Of(machine, flops, bytes, cost.Bytes(chunk), seconds),
        };
    }
}
