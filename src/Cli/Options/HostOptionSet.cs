using System.CommandLine;
using ILGpuMobileNet.Host;
using ILGpuMobileNet.Host.Serving;

namespace ILGpuMobileNet.Cli.Options;

/// <summary>The options of a host: devices, batches, how long images wait for each other, what it takes at most.</summary>
internal sealed class HostOptionSet
{
    private const int LargestCount = 1 << 20;
    private const double LongestDelayMilliseconds = 60_000;
    private const double LeastLimitMilliseconds = 1e-3;
    private const double LongestLimitMilliseconds = 86_400_000;
    private const double LeastBudgetMebibytes = 1e-3;
    private const double LargestBudgetMebibytes = 1L << 40;
    private const double BytesInMebibyte = 1 << 20;
    private static readonly MobileNetHostOptions s_defaults = new();

    private readonly Option<int> _batch = Parsed
        .Option(
            "--batch",
            "N",
            "Images that go through a device at once, at most.",
            text => Parsed.Integer(text, 1, ClassifierOptions.LargestBatch)
        )
        .WithDefault(s_defaults.MaximalBatch);

    private readonly Option<int[]> _preferred = Parsed.Integers(
        "--prefer",
        "Sizes that batches shall have where they are not full; one goes as soon as so many images wait. May be repeated.",
        ClassifierOptions.LargestBatch
    );

    private readonly Option<double> _delay = Parsed
        .Option(
            "--delay",
            "MS",
            "Milliseconds that an image waits at most for others while a device is idle.",
            text => Parsed.Number(text, 0, LongestDelayMilliseconds)
        )
        .WithDefault(s_defaults.MaximalDelay.TotalMilliseconds);

    private readonly Option<int> _queue = Parsed
        .Option("--queue", "N", "Images under way at once, at most.", text => Parsed.Integer(text, 1, LargestCount))
        .WithDefault(s_defaults.QueueCapacity);

    private readonly Option<int> _decoders = Parsed
        .Option(
            "--decoders",
            "N",
            "Pictures decoded at once; 0 is one per core.",
            text => Parsed.Integer(text, 0, LargestCount)
        )
        .WithDefault(s_defaults.DecoderCount);

    private readonly Option<WhenFull?> _full = Parsed.Option<WhenFull?>(
        "--full",
        "wait|reject",
        "What happens to an image beyond --queue: it waits, or is rejected, which counts as failed. Default: "
            + $"{ItemText.Of(s_defaults.WhenFull)}.",
        text => ItemText.Parse<WhenFull>(text)
    );

    private readonly Option<double?> _timeLimit = Parsed.Option<double?>(
        "--time-limit",
        "MS",
        "Milliseconds within which an image is answered; later counts as failed. Default: no limit.",
        text => Parsed.Number(text, LeastLimitMilliseconds, LongestLimitMilliseconds)
    );

    private readonly Option<double?> _budget = Parsed.Option<double?>(
        "--memory-budget",
        "MIB",
        "MiB that the host may take, on devices and in main memory; it does not start where it needs more. Default: no "
            + "limit.",
        text => Parsed.Number(text, LeastBudgetMebibytes, LargestBudgetMebibytes)
    );

    private readonly ExecutionOptionSet _execution = new(DeviceChoice.Several);

    /// <summary>Adds them.</summary>
    /// <param name="command">The command.</param>
    public void AddTo(Command command)
    {
        _execution.AddTo(command);
        command.Add(_batch);
        command.Add(_preferred);
        command.Add(_delay);
        command.Add(_queue);
        command.Add(_full);
        command.Add(_timeLimit);
        command.Add(_budget);
        command.Add(_decoders);
    }

    /// <summary>What the user chose.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="model">The network.</param>
    public MobileNetHostOptions Read(ParseResult arguments, ModelOptions model) =>
        new()
        {
            Model = model,
            Devices = _execution.Devices(arguments),
            ThreadCount = _execution.ThreadCount(arguments),
            MaximalBatch = arguments.GetValue(_batch),
            PreferredBatches = arguments.GetRequiredValue(_preferred),
            MaximalDelay = TimeSpan.FromMilliseconds(arguments.GetValue(_delay)),
            QueueCapacity = arguments.GetValue(_queue),
            WhenFull = arguments.GetValue(_full) ?? s_defaults.WhenFull,
            TimeLimit = arguments.GetValue(_timeLimit) is { } limit ? TimeSpan.FromMilliseconds(limit) : null,
            MemoryBudgetBytes = arguments.GetValue(_budget) is { } budget ? (long)(budget * BytesInMebibyte) : null,
            DecoderCount = arguments.GetValue(_decoders),
        };
}
