using System.Globalization;
using ILGpuMobileNet.Host;
using ILGpuMobileNet.Network.Execution;
using static System.FormattableString;

namespace ILGpuMobileNet.Cli.Reports;

/// <summary>What <c>profile</c> prints.</summary>
internal static class ProfileReport
{
    /// <summary>Writes a profile.</summary>
    /// <param name="output">Receives it.</param>
    /// <param name="profile">The profile.</param>
    /// <param name="isJson">As JSON in place of a table.</param>
    public static void Write(TextWriter output, NetworkProfile profile, bool isJson)
    {
        if (isJson)
        {
            JsonOutput.Write(output, profile, JsonOutput.Indented.NetworkProfile);
            return;
        }
        WriteSteps(output, profile);
        output.WriteLine(Invariant($"{profile.Model} on {profile.Device}, batch {profile.Batch}: {Times(profile)}"));
        if (profile.WaitedAfterSteps)
        {
            output.WriteLine(
                "Each step was followed by a wait for the device, which costs time that a run does not spend."
            );
        }
        if (profile.Machine is { } machine)
        {
            output.WriteLine(Describe(machine));
        }
    }

    /// <summary>How long a run takes, and how fast that is.</summary>
    public static string Times(NetworkProfile profile)
    {
        var peak = profile.Machine is { } machine
            ? Invariant($", {profile.FlopsPerSecond / machine.FlopsPerSecond:0.0%} of the multiply-add peak")
            : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{profile.RunSeconds * 1e3:0.000} ms a run, {profile.StepSeconds * 1e3:0.000} ms its {profile.Steps.Length} "
                + $"steps, {profile.FlopsPerSecond / 1e9:0.0} GFLOP/s{peak}"
        );
    }

    /// <summary>The machine, in a line.</summary>
    public static string Describe(MachineBounds machine)
    {
        var levels = machine.Memory.Select(level =>
            Invariant($"{level.Name} {level.BytesPerSecond / 1e9:0.0} GB/s ({Size(level.WorkingSetBytes)})")
        );
        var threads = machine.Threads == 1 ? "1 thread" : $"{machine.Threads} threads";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{machine.Processor}, {threads}, vectors of {machine.VectorLength} floats: multiply-adds "
                + $"{machine.FlopsPerSecond / 1e9:0.0} GFLOP/s, reads {string.Join(", ", levels)}"
        );
    }

    private static void WriteSteps(TextWriter output, NetworkProfile profile)
    {
        string[] figures = ["Step", "Operation", "Output", "#us", "#Share", "#GFLOP/s", "#GB/s"];
        var table = TextTable.Create(profile.Machine is null ? figures : [.. figures, "Bound", "#Of bound"]);
        foreach (var step in profile.Steps)
        {
            string[] bound = step.Bound is { } b ? [BoundName(b), Invariant($"{b.Fraction:0%}")] : [];
            table.Add([
                step.Name,
                step.Operation,
                string.Join('x', step.Output),
                Invariant($"{step.Seconds * 1e6:0.0}"),
                Invariant($"{step.Share:0.0%}"),
                step.Flops == 0 ? "" : Giga(step.FlopsPerSecond),
                Giga(step.BytesPerSecond),
                .. bound,
            ]);
        }
        TextTable.Write(output, table);
    }

    private static string Giga(double rate) =>
        rate < 1e9 ? Invariant($"{rate / 1e9:0.000}") : Invariant($"{rate / 1e9:0.0}");

    private static string BoundName(StepBound bound) =>
        bound.Limit == bound.Level || bound.Limit == "compute" ? bound.Limit : $"{bound.Limit} ({bound.Level})";

    private static string Size(long bytes) =>
        bytes < 1 << 20 ? Invariant($"{bytes >> 10} KiB") : Invariant($"{bytes >> 20} MiB");
}
