using System.CommandLine;
using ILGpuMobileNet.Host;

namespace ILGpuMobileNet.Cli.Options;

/// <summary>The options that say where a network runs, the same in every command.</summary>
internal sealed class ExecutionOptionSet
{
    /// <summary>Most threads that can be asked for.</summary>
    private const int MaximalThreadCount = 1024;

    private readonly Option<DeviceName> _device = Parsed
        .Option(
            "--device",
            "D",
            "auto, cpu, cuda[:n], opencl[:n] or ilgpu-cpu; 'mobilenet devices' lists what is here.",
            DeviceName.Parse
        )
        .WithDefault(DeviceName.Auto);

    private readonly Option<int> _threads = Parsed
        .Option(
            "--threads",
            "N",
            "Threads on the CPU; 0 is one per core.",
            text => Parsed.Integer(text, 0, MaximalThreadCount)
        )
        .WithDefault(0);

    /// <summary>Adds them.</summary>
    /// <param name="command">The command.</param>
    public void AddTo(Command command)
    {
        AddDeviceTo(command);
        command.Add(_threads);
    }

    /// <summary>Adds the device alone.</summary>
    /// <param name="command">The command.</param>
    public void AddDeviceTo(Command command) => command.Add(_device);

    /// <summary>The device; <c>auto</c> unless one was named.</summary>
    /// <param name="arguments">The command line.</param>
    public DeviceName Device(ParseResult arguments) => arguments.GetValue(_device);

    /// <summary>The number of threads; 0 is one per core.</summary>
    /// <param name="arguments">The command line.</param>
    public int ThreadCount(ParseResult arguments) => arguments.GetValue(_threads);
}
