using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;
using ILGpuMobileNet.Kernels.Gpu;
using ILGpuMobileNet.Network;
using ILGpuMobileNet.Network.Execution;

namespace ILGpuMobileNet.Host;

/// <summary>
/// Measures which kernel variants are fastest on a device, and remembers it in a file. A session uses what is remembered
/// for its device and shapes, and a rule for the rest; the choice changes the speed, never the results.
/// </summary>
public static class Tuning
{
    /// <summary>Where measurements are kept unless a file is named: in the user's folder for application data.</summary>
    public static string DefaultFile { get; } =
        Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData),
            "ILGpuMobileNet",
            "tuning.json"
        );

    /// <summary>Identity of the kernels: measurements of others are stale.</summary>
    internal static string Kernels { get; } = typeof(GpuOperation).Module.ModuleVersionId.ToString();

    /// <summary>
    /// Measures the tiles of every pointwise convolution of a network and the group sizes of its other convolutions,
    /// poolings and elementwise steps on a device, and adds the fastest to the file.
    /// </summary>
    /// <param name="model">The network and its weights.</param>
    /// <param name="device">A device other than the CPU; <c>auto</c> for the best there is.</param>
    /// <param name="options">The batch that sessions will have, and the file.</param>
    /// <param name="cancellationToken">Stops between two measurements; the file is not changed then.</param>
    /// <exception cref="ArgumentOutOfRangeException">The batch is below 1.</exception>
    /// <exception cref="ArgumentException">The device is the CPU, for which there is nothing to choose.</exception>
    /// <exception cref="DeviceNotAvailableException">The device cannot be used here.</exception>
    /// <exception cref="DeviceException">The device failed.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static IReadOnlyList<TunedLaunch> Run(
        Model model,
        DeviceName device,
        SessionOptions options,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaximalBatch, 1, nameof(options));
        var chosen = Devices.Choose(device);
        if (chosen.Kind == DeviceKind.Cpu)
        {
            throw new ArgumentException(
                "The device 'cpu' has nothing to tune; name a GPU ('mobilenet devices' lists what is here).",
                nameof(device)
            );
        }
        using var opened = Devices.Open(chosen);
        try
        {
            return Measure(model, opened.Accelerator, options, cancellationToken);
        }
        catch (Exception fault) when (DeviceFaults.IsDeviceFault(fault))
        {
            throw DeviceFaults.Describe(chosen.ToString(), "measuring", fault);
        }
    }

    /// <summary>The remembered choices for a device, with the rule for the rest.</summary>
    internal static ILaunchChoice ChoiceFor(Accelerator accelerator, SessionOptions options)
    {
        var rule = new LaunchRule(DeviceLimits.Of(accelerator.Device));
        return Read(options).Devices.TryGetValue(KeyOf(accelerator), out var measured)
            ? new MeasuredLaunches(
                measured.DistinctBy(ProblemOf).ToDictionary(ProblemOf, launch => launch.Choice),
                rule
            )
            : rule;
    }

    private static List<TunedLaunch> Measure(
        Model model,
        Accelerator accelerator,
        SessionOptions options,
        CancellationToken cancellationToken
    )
    {
        using var tuner = new LaunchTuner(model, accelerator, options.MaximalBatch);
        var measured = new List<LaunchTimes>();
        foreach (var launch in tuner.Launches)
        {
            cancellationToken.ThrowIfCancellationRequested();
            measured.Add(tuner.Measure(launch));
        }
        Remember(measured, accelerator, options);
        return measured.ConvertAll(TunedLaunch.Of);
    }

    private static void Remember(List<LaunchTimes> measured, Accelerator accelerator, SessionOptions options)
    {
        var document = Read(options);
        var key = KeyOf(accelerator);
        var fresh = measured.Select(times => new MeasuredLaunch(
            times.Problem.Operation,
            times.Problem.Shape,
            times.Fastest
        ));
        var kept = document.Devices.GetValueOrDefault(key, []);
        document.Devices[key] = [.. fresh.Concat(kept).DistinctBy(ProblemOf)];
        TuningJson.Write(FileOf(options), document);
    }

    private static LaunchProblem ProblemOf(MeasuredLaunch launch) => new(launch.Operation, launch.Shape);

    private static TuningDocument Read(SessionOptions options)
    {
        var document = TuningJson.TryRead(FileOf(options));
        return document?.Kernels == Kernels ? document : new(Kernels, []);
    }

    private static string FileOf(SessionOptions options) => options.TuningFile ?? DefaultFile;

    /// <summary>What the file calls a device.</summary>
    internal static string KeyOf(Accelerator accelerator)
    {
        var device = accelerator.Device;
        var driver = device switch
        {
            CudaDevice cuda => cuda.DriverVersion.ToString(),
            CLDevice openCl => openCl.DeviceVersion.ToString(),
            _ => "",
        };
        return FormattableString.Invariant(
            $"{device.AcceleratorType} {device.Name}, {device.NumMultiprocessors} multiprocessors, {device.MemorySize} bytes, driver {driver}"
        );
    }
}

/// <summary>A kernel launch that was measured.</summary>
/// <param name="Operation">The operation.</param>
/// <param name="Shape">Its sizes, the largest batch included.</param>
public sealed record TunedLaunch(string Operation, string Shape)
{
    /// <summary>
    /// What the rule chooses: for pointwise convolutions a tile, the pixels and output channels that a group of threads
    /// computes; for others the threads of a group.
    /// </summary>
    public required string Rule { get; init; }

    /// <summary>The fastest choice.</summary>
    public required string Fastest { get; init; }

    /// <summary>Time with the rule's choice over time with the fastest, at least 1.</summary>
    public required double Gain { get; init; }

    internal static TunedLaunch Of(LaunchTimes times) =>
        new(times.Problem.Operation, times.Problem.Shape)
        {
            Rule = times.Rule,
            Fastest = times.Fastest,
            Gain = times.Seconds[times.Rule] / times.Seconds[times.Fastest],
        };
}
