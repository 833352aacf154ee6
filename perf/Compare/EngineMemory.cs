using System.Diagnostics;
using System.Globalization;
using ILGpuMobileNet.Reference;

namespace ILGpuMobileNet.Benchmarks.Compare;

/// <summary>Memory of a process that does an <see cref="EngineRun"/>, as far as it was resident.</summary>
/// <param name="BeforeInBytes">When the images were there and the engine was not.</param>
/// <param name="PeakInBytes">At most, from the start to the last run.</param>
internal readonly record struct EngineMemory(long BeforeInBytes, long PeakInBytes)
{
    /// <summary>What came with the engine: its code, the model, weights, activations and results.</summary>
    public long EngineInBytes => PeakInBytes - BeforeInBytes;

    /// <summary>Measures this library.</summary>
    /// <param name="run">What it does.</param>
    public static EngineMemory OfOurs(EngineRun run) =>
        Measure("dotnet", [typeof(EngineMemory).Assembly.Location, EngineRun.Command, .. run.Arguments]);

    /// <summary>Measures ONNX Runtime.</summary>
    /// <param name="run">What it does.</param>
    public static EngineMemory OfPeer(EngineRun run) =>
        Measure("node", [Repository.PathOf("eng", "onnxruntime-memory.js"), .. run.Arguments]);

    private static EngineMemory Measure(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var before = ReadAfterLine(process, "VmRSS");
        var peak = ReadAfterLine(process, "VmHWM");
        process.WaitForExit();
        return new(before, peak);
    }

    /// <summary>Waits until the process has printed a line, reads, and lets it go on.</summary>
    private static long ReadAfterLine(Process process, string field)
    {
        if (process.StandardOutput.ReadLine() is null)
        {
            throw new InvalidOperationException(
                $"'{process.StartInfo.FileName}' ended before its memory could be read; what it says above is why."
            );
        }
        var bytes = Field(File.ReadLines($"/proc/{process.Id}/status"), field);
        process.StandardInput.WriteLine();
        process.StandardInput.Flush();
        return bytes;
    }

    /// <summary>A field of Linux's <c>/proc/PID/status</c>, in bytes.</summary>
    /// <param name="status">The lines of the file.</param>
    /// <param name="name">The field.</param>
    internal static long Field(IEnumerable<string> status, string name)
    {
        var line = status.First(text => text.StartsWith($"{name}:", StringComparison.Ordinal));
        return 1024 * long.Parse(line[(name.Length + 1)..^"kB".Length].Trim(), CultureInfo.InvariantCulture);
    }
}
