using System.CommandLine;
using System.CommandLine.Parsing;
using ILGpuMobileNet.Host;

namespace ILGpuMobileNet.Cli.Options;

/// <summary>The options that say where a network runs, the same in every command.</summary>
/// <param name="devices">Whether one device can be named, or several.</param>
internal sealed class ExecutionOptionSet(DeviceChoice devices = DeviceChoice.One)
{
    /// <summary>Most threads that can be asked for.</summary>
    private const int MaximalThreadCount = 1024;

    private readonly Option<DeviceName[]> _device = DeviceOption(devices);

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
        AddThreadsTo(command);
    }

    /// <summary>Adds the device alone.</summary>
    /// <param name="command">The command.</param>
    public void AddDeviceTo(Command command) => command.Add(_device);

    /// <summary>Adds the threads alone.</summary>
    /// <param name="command">The command.</param>
    public void AddThreadsTo(Command command) => command.Add(_threads);

    /// <summary>The device; <c>auto</c> unless one was named.</summary>
    /// <param name="arguments">The command line.</param>
    public DeviceName Device(ParseResult arguments) => arguments.GetRequiredValue(_device).Single();

    /// <summary>The devices, one as often as it was named; <c>auto</c> unless one was.</summary>
    /// <param name="arguments">The command line.</param>
    public DeviceName[] Devices(ParseResult arguments) => arguments.GetRequiredValue(_device);

    /// <summary>Whether more than one device was named.</summary>
    /// <param name="command">The command, parsed.</param>
    public bool HasSeveralDevices(CommandResult command) => command.GetResult(_device) is { IdentifierTokenCount: > 1 };

    /// <summary>The number of threads; 0 is one per core.</summary>
    /// <param name="arguments">The command line.</param>
    public int ThreadCount(ParseResult arguments) => arguments.GetValue(_threads);

    private static Option<DeviceName[]> DeviceOption(DeviceChoice devices)
    {
        var more = devices switch
        {
            DeviceChoice.One => "'mobilenet devices' lists what is here.",
            DeviceChoice.SeveralWithOutput => "with --output several share the work, one named twice has two sessions.",
            _ => "several share the work, one named twice has two sessions.",
        };
        var option = Parsed
            .Repeatable("--device", "D", $"auto, cpu, cuda[:n], opencl[:n] or ilgpu-cpu; {more}", DeviceName.Parse)
            .WithDefault([DeviceName.Auto]);
        option.Arity = devices == DeviceChoice.One ? ArgumentArity.ExactlyOne : ArgumentArity.OneOrMore;
        return option;
    }
}
