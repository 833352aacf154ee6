using System.Runtime.InteropServices;

namespace ILGpuMobileNet.Kernels;

/// <summary>What reports of measurements call the CPU.</summary>
internal static class ProcessorName
{
    private const string CpuInfo = "/proc/cpuinfo";
    private const string Key = "model name";

    /// <summary>The vendor's name where the system tells it, else the architecture.</summary>
    public static string Read()
    {
        var line = File.Exists(CpuInfo)
            ? File.ReadLines(CpuInfo).FirstOrDefault(text => text.StartsWith(Key, StringComparison.Ordinal))
            : null;
        return line?[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim()
            ?? RuntimeInformation.ProcessArchitecture.ToString();
    }
}
