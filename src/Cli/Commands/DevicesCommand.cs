using System.CommandLine;
using ILGpuMobileNet.Cli.Options;
using ILGpuMobileNet.Cli.Reports;
using ILGpuMobileNet.Host;

namespace ILGpuMobileNet.Cli.Commands;

/// <summary><c>mobilenet devices</c>.</summary>
internal sealed class DevicesCommand : ToolCommand
{
    private readonly Option<bool> _json = CommonOptions.Json();

    /// <summary>Declares the command.</summary>
    public DevicesCommand()
        : base("devices", "List what can run a network here, and why the rest cannot.", "devices", "devices --json")
    {
        Add(_json);
    }

    /// <inheritdoc/>
    protected override Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var devices = Devices.Discover();
        var output = arguments.InvocationConfiguration.Output;
        if (arguments.GetValue(_json))
        {
            JsonOutput.Write(output, [.. devices.Select(Entry)], JsonOutput.Indented.IReadOnlyListDeviceEntry);
        }
        else
        {
            WriteTable(output, devices);
        }
        return Task.FromResult(ExitCode.Done);
    }

    private static DeviceEntry Entry(DeviceInfo device) =>
        new(device.Name.ToString(), device.Description, device.MemoryBytes, device.IsAvailable, device.Refusal);

    private static void WriteTable(TextWriter output, IReadOnlyList<DeviceInfo> devices)
    {
        var table = TextTable.Create("Device", "What it is", "State");
        foreach (var device in devices)
        {
            table.Add(device.Name.ToString(), device.Description, device.Refusal ?? "available");
        }
        TextTable.Write(output, table);
    }
}
