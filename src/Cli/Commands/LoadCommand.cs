using System.CommandLine;
using ILGpuMobileNet.Cli.Options;
using ILGpuMobileNet.Cli.Reports;
using ILGpuMobileNet.Host;
using ILGpuMobileNet.Host.Load;

namespace ILGpuMobileNet.Cli.Commands;

/// <summary><c>mobilenet load</c>.</summary>
internal sealed class LoadCommand : ToolCommand
{
    private const int MostSamples = 1 << 16;

    private readonly Argument<string> _model = CommonOptions.Model();

    private readonly Option<string[]> _images = Parsed.Repeatable(
        "--images",
        "IMAGE|FOLDER",
        "Ask about these pictures: reading, decoding and resizing count. Otherwise about random arrays.",
        text => text
    );

    private readonly Option<int> _samples = Parsed
        .Option(
            "--samples",
            "N",
            "Different arrays, or the first so many of the pictures.",
            text => Parsed.Integer(text, 1, MostSamples)
        )
        .WithDefault(LoadSamples.DefaultCount);

    private readonly Option<bool> _json = CommonOptions.Json();
    private readonly LoadOptionSet _load = new();
    private readonly HostOptionSet _host = new();
    private readonly ModelOptionSet _modelOptions = new();
    private readonly PictureOptionSet _pictures = new();

    /// <summary>Declares the command.</summary>
    public LoadCommand()
        : base(
            "load",
            "Ask a host in this process as MLPerf's scenarios have it, or as many callers at once, and measure latencies "
                + "and images per second. An architecture has random weights unless a file is given. The exit code is 1 "
                + "where the result is INVALID. It is no MLPerf submission.",
            "load mobilenet_v3_small",
            "load mobilenet_v3_small --scenario server --rate 200 --bound 15",
            "load mobilenet_v2 --scenario server --bound 30 --batch 16 --json",
            "load mobilenet_v3_small --callers 64 --batch 16 --delay 5",
            "load text-direction --scenario offline --images samples --device cuda:0 --device cuda:1"
        )
    {
        Add(_model);
        _load.AddTo(this);
        Add(_images);
        Add(_samples);
        _host.AddTo(this);
        Add(_json);
        _modelOptions.AddTo(this);
        _pictures.AddTo(this);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var (output, error) = (arguments.InvocationConfiguration.Output, arguments.InvocationConfiguration.Error);
        var options = _load.Read(arguments);
        var model = _modelOptions.Read(arguments, arguments.GetRequiredValue(_model)).WithRandomWeights();
        var host = _host.Read(arguments, _pictures.Apply(arguments, model));
        await using var generator = await LoadGenerator.StartAsync(host, Samples(arguments), cancellationToken);
        await error.WriteLineAsync(LoadText.Announcement(generator, options));
        await Notes.WriteAsync(error, generator.Assumptions);
        var isJson = arguments.GetValue(_json);
        if (_load.IsSearch(arguments))
        {
            var progress = new TrialLines(error);
            var search = await generator.FindRateAsync(options, progress, cancellationToken);
            LoadReport.Write(output, search, isJson);
            return search.Best is null ? ExitCode.Failed : ExitCode.Done;
        }
        var result = await generator.RunAsync(options, cancellationToken);
        LoadReport.Write(output, result, isJson);
        return result.Verdict.IsValid ? ExitCode.Done : ExitCode.Failed;
    }

    private LoadSamples Samples(ParseResult arguments)
    {
        var (paths, count) = (arguments.GetRequiredValue(_images), arguments.GetValue(_samples));
        if (paths.Length == 0)
        {
            return LoadSamples.Arrays(count);
        }
        List<string> files = [.. ImageFolder.Enumerate(paths, recursive: false).Take(count)];
        return files.Count > 0
            ? LoadSamples.Pictures(files)
            : throw new FileNotFoundException("There is no image (.png, .jpg, .bmp, .pnm) in what --images names.");
    }

    // Progress<T> would write from threads of the pool, in any order.
    private sealed class TrialLines(TextWriter error) : IProgress<LoadResult>
    {
        public void Report(LoadResult value) => error.WriteLine(LoadText.Trial(value));
    }
}
