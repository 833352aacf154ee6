using System.CommandLine;
using ILGpuMobileNet.Cli.Features;
using ILGpuMobileNet.Cli.Options;
using ILGpuMobileNet.Cli.Reports;
using ILGpuMobileNet.Host.Features;

namespace ILGpuMobileNet.Cli.Commands;

/// <summary><c>mobilenet features</c>.</summary>
internal sealed class FeaturesCommand : ToolCommand
{
    private readonly PictureNetworkOptionSet _network = new();

    private readonly Option<string> _output = new("--output")
    {
        HelpName = "FILE.npy|FOLDER",
        Description =
            "A file receives one array with a row for each picture in their order (NaN for a file that is "
            + "none); a folder receives an array for each picture and feature.",
        Required = true,
    };

    private readonly Option<bool> _embedding = new("--embedding")
    {
        Description = "What the global pool before the classifier gives: one number for each channel. The default.",
    };

    private readonly Option<int[]> _strides = Parsed.Integers(
        "--stride",
        "The last feature map at these strides, such as 32,16,8. May be repeated.",
        ushort.MaxValue
    );

    private readonly Option<string[]> _layers = new("--layer")
    {
        HelpName = "NAME",
        Description =
            "What a layer gives; 'mobilenet summary' lists them. What --new-head draws is random and no feature, nor is "
            + "anything after it. May be repeated.",
    };

    private readonly Option<bool> _json = CommonOptions.Json();

    /// <summary>Declares the command.</summary>
    public FeaturesCommand()
        : base(
            "features",
            "Write what a network sees in pictures as float32 arrays: its embedding, or feature maps with axes C,H,W. A file "
                + "that is no image is reported and the others are done.",
            "features photos/ --model mobilenet_v3_small --weights v3_small.safetensors --output embeddings.npy",
            "features street.jpg --model mobilenet_v2 --weights v2.safetensors --stride 32,16,8 --output maps/"
        ) => _network.AddTo(this, _output, _embedding, _strides, _layers, _json);

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var images = await _network.FilesAsync(arguments, cancellationToken);
        var features = FeaturesOf(arguments);
        var path = CheckedOutput(arguments, features.Count);
        var options = new FeatureOptions(_network.Model(arguments)) { Features = features };
        using var extractor = await FeatureExtractor.LoadAsync(
            _network.Run(arguments, images.Count, options),
            cancellationToken
        );
        IFeatureFiles files = IsArray(path)
            ? new FeatureArray(path, images.Count, extractor.Axes[0])
            : new FeatureFolder(path, images, features);
        var (output, error) = (arguments.InvocationConfiguration.Output, arguments.InvocationConfiguration.Error);
        await Notes.WriteUseAsync(error, $"{extractor.Model} on {extractor.Device}", extractor.PreparedAs);
        await Notes.WriteAsync(error, extractor.Assumptions);
        using var progress = new ProgressLine(error, images.Count, resultsStream: false);
        var outcomes = Write(extractor.ExtractMany(images, cancellationToken), files, progress);
        if (arguments.GetValue(_json))
        {
            JsonOutput.Write(output, FeatureReport.Of(extractor, path, outcomes), JsonOutput.Indented.FeatureReport);
        }
        else
        {
            await output.WriteLineAsync(files.Summary);
        }
        return outcomes.TrueForAll(outcome => outcome.Error is null) ? ExitCode.Done : ExitCode.Failed;
    }

    private static List<FeatureOutcome> Write(
        IEnumerable<FeatureResult> results,
        IFeatureFiles files,
        ProgressLine progress
    )
    {
        var outcomes = new List<FeatureOutcome>();
        foreach (var result in results)
        {
            progress.Advance();
            files.Add(result);
            outcomes.Add(new(result.File, result.Error));
            if (result.Error is { } fault)
            {
                progress.WriteLine($"error: {result.File}: {fault}");
            }
        }
        files.Finish();
        return outcomes;
    }

    private List<FeatureSource> FeaturesOf(ParseResult arguments)
    {
        List<FeatureSource> features =
        [
            .. arguments.GetValue(_embedding) ? [FeatureSource.Embedding] : Array.Empty<FeatureSource>(),
            .. arguments.GetRequiredValue(_strides).Select(FeatureSource.AtStride),
            .. (arguments.GetValue(_layers) ?? []).Select(FeatureSource.OfLayer),
        ];
        return features.Count > 0 ? features : [FeatureSource.Embedding];
    }

    /// <summary>What can be known before the network has run for nothing.</summary>
    private string CheckedOutput(ParseResult arguments, int featureCount)
    {
        var path = arguments.GetRequiredValue(_output);
        if (!IsArray(path))
        {
            return path;
        }
        return featureCount == 1
            ? OutputPath.Check("--output", path)
            : throw new ArgumentException(
                $"{featureCount} features do not fit into one array; name a folder as --output, or ask for one feature."
            );
    }

    private static bool IsArray(string path) => path.EndsWith(".npy", StringComparison.OrdinalIgnoreCase);
}
