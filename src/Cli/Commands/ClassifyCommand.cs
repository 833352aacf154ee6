using System.CommandLine;
using ILGpuMobileNet.Cli.Options;
using ILGpuMobileNet.Cli.Reports;
using ILGpuMobileNet.Host;
using ILGpuMobileNet.Host.Serving;

namespace ILGpuMobileNet.Cli.Commands;

/// <summary><c>mobilenet classify</c>.</summary>
internal sealed class ClassifyCommand : ToolCommand
{
    private readonly PictureNetworkOptionSet _network = new(DeviceChoice.SeveralWithOutput);

    private readonly Option<string?> _labels = new("--labels")
    {
        HelpName = "FILE",
        Description = "Text file with one label per line, in the order of the network's outputs.",
    };

    private readonly Option<int> _top = Parsed
        .Option("--top", "K", "Classes shown for each image.", text => Parsed.Integer(text, 1, int.MaxValue))
        .WithDefault(new ClassifierOptions().TopCount);

    private readonly BulkOptionSet _bulk = new();
    private readonly Option<bool> _json = CommonOptions.Json();

    /// <summary>Declares the command.</summary>
    public ClassifyCommand()
        : base(
            "classify",
            "Say what is on pictures, with scores. A file that is no image is reported and the others are done.",
            "classify samples/invoice_serif_180.png",
            "classify scans/ --recursive --json",
            "classify scans/ --recursive --output results.jsonl --resume",
            "classify --list images.txt --output part3.csv --shard 3/16 --resume",
            "classify scans/ --recursive --output results.jsonl --device cuda:0 --device cuda:1 --batch 64",
            "classify cat.jpg --model mobilenet_v3_small --weights v3_small.safetensors --labels imagenet.txt --top 3",
            "classify cat.jpg --model mobilenet_v3_large-5c1a4163.pth",
            "classify cat.jpg --model my-network.onnx --preprocessing keras --resize stretch"
        )
    {
        _network.AddTo(this, [_labels, _top, .. _bulk.Options, _json]);
        _bulk.Check(this, _network.HasSeveralDevices);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        if (_bulk.Read(arguments) is { } bulk)
        {
            return await RunBulkAsync(arguments, bulk, cancellationToken);
        }
        var images = await _network.FilesAsync(arguments, cancellationToken);
        using var classifier = await Classifier.LoadAsync(OptionsOf(arguments, images.Count), cancellationToken);
        var (output, error) = (arguments.InvocationConfiguration.Output, arguments.InvocationConfiguration.Error);
        await Notes.WriteUseAsync(error, $"{classifier.Model} on {classifier.Device}", classifier.PreparedAs);
        await Notes.WriteAsync(error, classifier.Assumptions);
        var isJson = arguments.GetValue(_json);
        var report = isJson
            ? (IClassificationReport)new JsonClassificationReport(output, classifier)
            : new TextClassificationReport(output);
        using var progress = new ProgressLine(error, images.Count, resultsStream: !isJson);
        return Classify(classifier.ClassifyMany(images, cancellationToken), report, progress);
    }

    private async Task<int> RunBulkAsync(
        ParseResult arguments,
        BulkRequest request,
        CancellationToken cancellationToken
    )
    {
        await using var host = await MobileNetHost.StartAsync(HostOptionsOf(arguments), cancellationToken);
        if (host.TopCount == 0)
        {
            throw new ArgumentException(
                $"'{host.Model}' is no classifier of pictures: from {host.Input} it makes {host.Output}."
            );
        }
        var error = arguments.InvocationConfiguration.Error;
        await Notes.WriteUseAsync(error, $"{host.Model} on {string.Join(", ", host.Devices)}", host.PreparedAs);
        await Notes.WriteAsync(error, host.Assumptions);
        var bulk = new BulkClassification(host, request, arguments.InvocationConfiguration)
        {
            IsJson = arguments.GetValue(_json),
            IsCountable = _network.CanBeReadAgain(arguments),
        };
        return await bulk.RunAsync(token => _network.StreamAsync(arguments, token), cancellationToken);
    }

    private static int Classify(
        IEnumerable<ClassificationResult> results,
        IClassificationReport report,
        ProgressLine progress
    )
    {
        var code = ExitCode.Done;
        foreach (var result in results)
        {
            progress.Advance();
            report.Add(result);
            if (result.Error is { } fault)
            {
                progress.WriteLine($"error: {result.File}: {fault}");
                code = ExitCode.Failed;
            }
        }
        report.Finish();
        return code;
    }

    private ClassifierOptions OptionsOf(ParseResult arguments, int imageCount) =>
        _network.Run(
            arguments,
            imageCount,
            new ClassifierOptions(_network.Model(arguments))
            {
                Labels = arguments.GetValue(_labels),
                TopCount = arguments.GetValue(_top),
            }
        );

    private MobileNetHostOptions HostOptionsOf(ParseResult arguments) =>
        _network.Run(
            arguments,
            new MobileNetHostOptions
            {
                Model = _network.Model(arguments),
                Labels = arguments.GetValue(_labels),
                TopCount = arguments.GetValue(_top),
            }
        );
}
