using ILGpuMobileNet.Host;
using ILGpuMobileNet.Host.Images;
using ILGpuMobileNet.Network.Execution;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Cli;

/// <summary>What the tool tells its caller.</summary>
internal static class ExitCode
{
    /// <summary>Everything asked for was done.</summary>
    public const int Done = 0;

    /// <summary>Something could not be done: a file, a device, one of many images.</summary>
    public const int Failed = 1;

    /// <summary>The command line makes no sense.</summary>
    public const int Usage = 2;

    /// <summary>Stopped by Ctrl+C, as shells number it.</summary>
    public const int Cancelled = 130;

    /// <summary>The exit code that an exception stands for, or null for a fault of the tool itself.</summary>
    /// <param name="fault">What a command threw.</param>
    public static int? Of(Exception fault) =>
        fault switch
        {
            OperationCanceledException => Cancelled,
            ArgumentException => Usage,
            ModelFormatException or ImageFormatException => Failed,
            DeviceNotAvailableException or DeviceException => Failed,
            OutOfMemoryException or OverflowException => Failed, // a batch or resolution beyond any memory
            IOException or UnauthorizedAccessException or NotFiniteNumberException => Failed,
            _ => null,
        };
}
