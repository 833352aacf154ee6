using System.CommandLine;
using ILGpuMobileNet.Cli.Options;
using ILGpuMobileNet.Cli.Reports;
using ILGpuMobileNet.Host;

namespace ILGpuMobileNet.Cli.Commands;

/// <summary><c>mobilenet classify</c>.</summary>
internal sealed class ClassifyCommand : ToolCommand
{
    private readonly PictureArguments _images = new();

    private readonly Option<string> _model = CommonOptions.ModelOption();

    private readonly Option<string?> _labels = new("--labels")
    {
        HelpName = "FILE",
        Description = "Text file with one label per line, in the order of the network's outputs.",
    };

    private readonly Option<int> _top = Parsed
        .Option("--top", "K", "Classes shown for each image.", text => Parsed.Integer(text, 1, int.MaxValue))
        .WithDefault(new ClassifierOptions().TopCount);

    private readonly Option<bool> _json = CommonOptions.Json();
    private readonly ModelOptionSet _modelOptions = new();
    private readonly PictureOptionSet _pictures = new();
    private readonly ExecutionOptionSet _execution = new();

    /// <summary>Declares the command.</summary>
    public ClassifyCommand()
        : base(
            "classify",
            "Say what is on pictures, with scores. A file that is no image is reported and the others are done.",
            "classify samples/invoice_serif_180.png",
            "classify scans/ --recursive --json",
            "classify cat.jpg --model mobilenet_v3_small --weights v3_small.safetensors --labels imagenet.txt --top 3",
            "classify cat.jpg --model mobilenet_v3_large-5c1a4163.pth",
            "classify cat.jpg --model my-network.onnx --preprocessing keras --resize stretch"
        )
    {
        _images.AddTo(this);
        Add(_model);
        Add(_labels);
        Add(_top);
        Add(_json);
        _modelOptions.AddTo(this);
        _pictures.AddTo(this);
        _execution.AddTo(this);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var images = _images.Files(arguments);
        using var classifier = await Classifier.LoadAsync(OptionsOf(arguments, images.Count), cancellationToken);
        var (output, error) = (arguments.InvocationConfiguration.Output, arguments.InvocationConfiguration.Error);
        var way = classifier.PreparedAs;
        await error.WriteLineAsync($"{classifier.Model} on {classifier.Device}, pictures prepared as for {way}");
        await Notes.WriteAsync(error, classifier.Assumptions);
        var isJson = arguments.GetValue(_json);
        var report = isJson
            ? (IClassificationReport)new JsonClassificationReport(output, classifier)
            : new TextClassificationReport(output);
        using var progress = new ProgressLine(error, images.Count, resultsStream: !isJson);
        return Classify(classifier.ClassifyMany(images, cancellationToken), report, progress);
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
        new(_pictures.Apply(arguments, _modelOptions.Read(arguments, arguments.GetRequiredValue(_model))))
        {
            Labels = arguments.GetValue(_labels),
            TopCount = arguments.GetValue(_top),
            MaximalBatch = _images.Batch(arguments, imageCount),
            Device = _execution.Device(arguments),
            ThreadCount = _execution.ThreadCount(arguments),
        };
}
