using System.CommandLine;
using System.Globalization;
using ILGpuMobileNet.Cli.Options;
using ILGpuMobileNet.Cli.Reports;
using ILGpuMobileNet.Host;

namespace ILGpuMobileNet.Cli.Commands;

/// <summary><c>mobilenet bench</c>.</summary>
internal sealed class BenchCommand : ToolCommand
{
    private const double MaximalSeconds = 3600;

    private readonly Argument<string> _model = CommonOptions.Model();

    private readonly Option<int[]> _batches = Parsed
        .Integers("--batch", "Batch sizes to measure. May be repeated.", ClassifierOptions.LargestBatch)
        .WithDefault([1]);

    private readonly Option<double> _seconds = Parsed
        .Option("--seconds", "S", "How long each batch size is measured, after the warm-up.", Seconds)
        .WithDefault(3);

    private readonly Option<bool> _json = CommonOptions.Json();
    private readonly ModelOptionSet _modelOptions = new();
    private readonly ExecutionOptionSet _execution = new();

    /// <summary>Declares the command.</summary>
    public BenchCommand()
        : base(
            "bench",
            "Measure a network: time of a run, images per second, memory. An architecture has random weights unless a "
                + "file is given. With --json, one object on a line for each batch size.",
            "bench mobilenet_v3_small --threads 1",
            "bench mobilenet_v2 --batch 1,8,32 --seconds 5 --json"
        )
    {
        Add(_model);
        Add(_batches);
        Add(_seconds);
        Add(_json);
        _modelOptions.AddTo(this);
        _execution.AddTo(this);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var options = _modelOptions.Read(arguments, arguments.GetRequiredValue(_model));
        var loaded = ModelSource.Load(options.WithRandomWeights(), cancellationToken);
        var benchmark = new Benchmark(loaded, _execution.Device(arguments), _execution.ThreadCount(arguments));
        var duration = TimeSpan.FromSeconds(arguments.GetValue(_seconds));
        foreach (var batch in arguments.GetRequiredValue(_batches))
        {
            await arguments.InvocationConfiguration.Error.WriteLineAsync(
                $"{loaded.Name}, batch {batch}: measuring for {duration.TotalSeconds:0.##} s"
            );
            var measurement = await Task.Run(
                () => benchmark.Measure(batch, duration, cancellationToken),
                cancellationToken
            );
            Write(arguments.InvocationConfiguration.Output, measurement, arguments.GetValue(_json));
        }
        return ExitCode.Done;
    }

    private static void Write(TextWriter output, Measurement measurement, bool isJson)
    {
        if (isJson)
        {
            JsonOutput.Write(output, measurement, JsonOutput.Line.Measurement);
            return;
        }
        var threads = measurement.Threads is { } count ? $"threads {count}, " : "";
        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{measurement.Model} on {measurement.Device}, {threads}batch {measurement.Batch}: "
                    + $"median {measurement.MedianMs:0.000} ms, best {measurement.MinMs:0.000} ms, "
                    + $"{measurement.ImagesPerSecond:0.0} images/s, plan {measurement.PlanBytes / 1e6:0.0} MB"
            )
        );
    }

    private static double Seconds(string text)
    {
        var seconds = Parsed.Positive(text);
        return seconds <= MaximalSeconds
            ? seconds
            : throw new ArgumentException($"'{text}' seconds are more than {MaximalSeconds}.");
    }
}
