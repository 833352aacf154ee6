using System.Globalization;

namespace ILGpuMobileNet.Network.Execution;

/// <summary>Sizes of memory as messages give them.</summary>
internal static class Mebibytes
{
    /// <summary>A size in words.</summary>
    /// <param name="bytes">The size.</param>
    public static string Of(long bytes) =>
        string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1 << 20):#,##0.0} MiB");
}
