using System.ComponentModel;
using System.Globalization;

namespace ILGpuMobileNet.Host;

/// <summary>A device as a user asks for it: <c>auto</c>, <c>cpu</c>, <c>cuda[:n]</c>, <c>opencl[:n]</c>, <c>ilgpu-cpu</c>.</summary>
/// <param name="Kind">What runs the network.</param>
/// <param name="Index">Which of several devices of a kind, from 0.</param>
[TypeConverter(typeof(DeviceNameConverter))]
public readonly record struct DeviceName(DeviceKind Kind, int Index = 0)
{
    /// <summary>The best device there is.</summary>
    public static DeviceName Auto => default;

    /// <summary>The CPU's vector instructions.</summary>
    public static DeviceName Cpu => new(DeviceKind.Cpu);

    /// <summary>Reads a name.</summary>
    /// <param name="text">For example <c>cuda:1</c>; <c>cuda</c> is <c>cuda:0</c>.</param>
    /// <exception cref="ArgumentException">It is none of the names above; the message lists them.</exception>
    public static DeviceName Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parts = text.Split(':', 2);
        var index = 0;
        var kind = KindOf(parts[0]);
        if (kind is null || (parts.Length == 2 && !IsIndex(kind.Value, parts[1], out index)))
        {
            throw new ArgumentException(
                $"'{text}' is no device. Allowed are auto, cpu, cuda[:n], opencl[:n] and ilgpu-cpu, n from 0."
            );
        }
        return new(kind.Value, index);
    }

    /// <summary>The name, with the index where a kind can have several devices.</summary>
    public override string ToString() =>
        Kind switch
        {
            DeviceKind.Auto => "auto",
            DeviceKind.Cpu => "cpu",
            DeviceKind.Cuda => FormattableString.Invariant($"cuda:{Index}"),
            DeviceKind.OpenCl => FormattableString.Invariant($"opencl:{Index}"),
            DeviceKind.IlgpuCpu => "ilgpu-cpu",
            _ => throw new ArgumentOutOfRangeException(nameof(Kind), Kind, "No such kind of device."),
        };

    private static DeviceKind? KindOf(string text) =>
        text switch
        {
            "auto" => DeviceKind.Auto,
            "cpu" => DeviceKind.Cpu,
            "cuda" => DeviceKind.Cuda,
            "opencl" => DeviceKind.OpenCl,
            "ilgpu-cpu" => DeviceKind.IlgpuCpu,
            _ => null,
        };

    private static bool IsIndex(DeviceKind kind, string text, out int index) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out index)
        && kind is DeviceKind.Cuda or DeviceKind.OpenCl;
}
