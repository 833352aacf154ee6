using System.CommandLine;
using ILGpuMobileNet.Cli.Options;
using ILGpuMobileNet.Cli.Reports;
using ILGpuMobileNet.Host;
using ILGpuMobileNet.Host.Comparison;

namespace ILGpuMobileNet.Cli.Commands;

/// <summary><c>mobilenet compare</c>.</summary>
internal sealed class CompareCommand : ToolCommand
{
    private readonly Argument<string> _a = new("A")
    {
        Description = "An architecture, a model file, text-direction, or a file .npz of recorded activations.",
    };

    private readonly Argument<string?> _b = new("B")
    {
        Description = "The same for the other side; left out, A is compared with itself under other options.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> _input = new("--input")
    {
        HelpName = "x.npy|IMAGE",
        Description =
            "Normalised images, float32 with axes N,C,H,W, or a picture. Default: what a recording holds as "
            + "'input', else noise; two recordings need none.",
    };

    private readonly Option<int> _batch = Parsed
        .Option("--batch", "N", "Images of noise.", text => Parsed.Integer(text, 1, ClassifierOptions.LargestBatch))
        .WithDefault(1);

    private readonly Option<int> _seed = Parsed
        .Option("--seed", "S", "Seed of the noise.", text => Parsed.Integer(text, 0, int.MaxValue))
        .WithDefault(1);

    private readonly Option<double> _tolerance = Parsed
        .Option("--tolerance", "T", "Largest difference, as a part of a layer's largest |value|.", Parsed.Positive)
        .WithDefault(ActivationComparison.DefaultTolerance);

    private readonly Option<bool> _json = CommonOptions.Json();
    private readonly ComparedSides _sides = new();

    /// <summary>Declares the command.</summary>
    public CompareCommand()
        : base(
            "compare",
            "Run two networks layer by layer on the same images, or one beside activations that another program recorded, "
                + "and name the first layer that diverges. Options hold for both sides, those that end in -b for B alone.",
            "compare mobilenet_v3_small --random-weights 1 --device cpu --device-b cuda",
            "compare mobilenet_v2 --weights v2.safetensors --unfused-b",
            "compare mobilenet_v2 v2.onnx --weights v2.safetensors --input cat.jpg",
            "compare mobilenet_v3_large torch.npz --weights v3_large.safetensors"
        )
    {
        Add(_a);
        Add(_b);
        Add(_input);
        Add(_batch);
        Add(_seed);
        Add(_tolerance);
        Add(_json);
        _sides.AddTo(this);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var first = arguments.GetRequiredValue(_a);
        var (a, b) = _sides.Read(arguments, first, arguments.GetValue(_b) ?? first);
        var images = ImagesOf(arguments, a, b, cancellationToken);
        var request = new ComparisonRequest(a, b, images, arguments.GetValue(_tolerance));
        var report = await Task.Run(() => SideBySide.Execute(request, cancellationToken), cancellationToken);
        var output = arguments.InvocationConfiguration.Output;
        if (arguments.GetValue(_json))
        {
            JsonOutput.Write(output, report, JsonOutput.Indented.ComparisonReport);
        }
        else
        {
            ComparisonText.Write(output, report);
        }
        return report is { FirstDivergence: null, IsConclusive: true } ? ExitCode.Done : ExitCode.Failed;
    }

    private ComparedImages? ImagesOf(
        ParseResult arguments,
        ComparedSide a,
        ComparedSide b,
        CancellationToken cancellationToken
    )
    {
        if (arguments.GetValue(_input) is { } file)
        {
            if (a.IsRecording && b.IsRecording)
            {
                throw new ArgumentException(
                    $"--input {file}: both sides are recorded activations, which no images go through; leave it out."
                );
            }
            return ComparedImages.Open(file, cancellationToken);
        }
        return a.IsRecording || b.IsRecording
            ? ComparedImages.Recorded(a, b, cancellationToken)
            : new ComparedImages.Noise(arguments.GetValue(_batch), (ulong)arguments.GetValue(_seed));
    }
}
