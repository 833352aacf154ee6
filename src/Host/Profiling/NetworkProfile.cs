using System.Collections.Immutable;
using ILGpuMobileNet.Network.Execution;

namespace ILGpuMobileNet.Host;

/// <summary>Where the time of a network's runs goes.</summary>
/// <param name="Model">Name of the network.</param>
/// <param name="Device">The device used.</param>
/// <param name="Batch">Images of a run.</param>
/// <param name="Rounds">Runs that were measured, as a whole and step by step each.</param>
/// <param name="RunSeconds">Median time of a whole run that was not timed step by step, in seconds.</param>
/// <param name="Machine">What the CPU does at most with the threads of the run; null on other devices.</param>
/// <param name="Steps">The steps in the order they run.</param>
public sealed record NetworkProfile(
    string Model,
    string Device,
    int Batch,
    int Rounds,
    double RunSeconds,
    MachineBounds? Machine,
    ImmutableArray<StepProfile> Steps
)
{
    /// <summary>
    /// Whether each step was followed by a wait for the device, as on every device but the CPU; the steps then take
    /// longer together than a run.
    /// </summary>
    public required bool WaitedAfterSteps { get; init; }

    /// <summary>Times of all steps together, in seconds.</summary>
    public double StepSeconds => Steps.Sum(step => step.Seconds);

    /// <summary>Floating-point operations of a run, two for each multiply-add.</summary>
    public long Flops => Steps.Sum(step => step.Flops);

    /// <summary>Bytes that the steps of a run must move at least.</summary>
    public long Bytes => Steps.Sum(step => step.Bytes);

    /// <summary>Floating-point operations a second of the whole run.</summary>
    public double FlopsPerSecond => Flops / RunSeconds;
}

/// <summary>One fused step of a run.</summary>
/// <param name="Name">Name of the layer it starts with.</param>
/// <param name="Operation">The operation that computes it, and what is fused into it: <c>PointwiseConv + residual</c>.</param>
/// <param name="Input">Shape of what it reads, <c>[H, W, C]</c>.</param>
/// <param name="Output">Shape of what it writes, <c>[H, W, C]</c>.</param>
/// <param name="Seconds">Median time for the whole batch, in seconds.</param>
/// <param name="Flops">Floating-point operations, two for each multiply-add; 0 for a step that has none.</param>
/// <param name="Bytes">
/// Bytes that it must move at least: input, output, residual, gate and weights, the weights once for each part of the
/// batch that is worked off together.
/// </param>
public sealed record StepProfile(
    string Name,
    string Operation,
    ImmutableArray<int> Input,
    ImmutableArray<int> Output,
    double Seconds,
    long Flops,
    long Bytes
)
{
    /// <summary>Its part of the time of all steps, from 0 to 1.</summary>
    public required double Share { get; init; }

    /// <summary>What it is up against; null where the machine's bounds are not known.</summary>
    public StepBound? Bound { get; init; }

    /// <summary>Floating-point operations a second.</summary>
    public double FlopsPerSecond => Flops / Seconds;

    /// <summary>Bytes a second.</summary>
    public double BytesPerSecond => Bytes / Seconds;

    /// <summary>Floating-point operations for each byte.</summary>
    public double FlopsPerByte => (double)Flops / Bytes;
}
