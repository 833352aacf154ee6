using System.Globalization;
using System.Text.RegularExpressions;

namespace ILGpuMobileNet.Benchmarks.Ptx;

/// <summary>What a thread and a group of a kernel take.</summary>
/// <param name="Registers">Registers of a thread.</param>
/// <param name="SpillBytes">Bytes of a thread that spill stores and loads move.</param>
/// <param name="StackBytes">Stack of a thread.</param>
/// <param name="SharedBytes">Shared memory of a group.</param>
internal readonly record struct KernelResources(int Registers, int SpillBytes, int StackBytes, int SharedBytes);

/// <summary>Reads what <c>ptxas -v</c> says about a module with one kernel.</summary>
internal static partial class PtxasOutput
{
    /// <summary>Finds the kernel's resources; those of functions that were not inlined into it are added.</summary>
    /// <param name="text">All that ptxas wrote.</param>
    /// <exception cref="FormatException">Registers are not among it.</exception>
    public static KernelResources Parse(string text)
    {
        var registers = RegisterCount().Matches(text);
        return registers.Count > 0
            ? new(
                registers.Max(Number),
                SpilledBytes().Matches(text).Sum(Number),
                StackFrameBytes().Matches(text).Sum(Number),
                SharedMemoryBytes().Matches(text).Sum(Number)
            )
            : throw new FormatException($"ptxas tells no registers: '{text}'.");
    }

    private static int Number(Match match) => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"Used (\d+) registers")]
    private static partial Regex RegisterCount();

    [GeneratedRegex(@"(\d+) bytes spill (?:stores|loads)")]
    private static partial Regex SpilledBytes();

    [GeneratedRegex(@"(\d+) bytes stack frame")]
    private static partial Regex StackFrameBytes();

    [GeneratedRegex(@"(\d+) bytes smem")]
    private static partial Regex SharedMemoryBytes();
}
