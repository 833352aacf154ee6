using System.CommandLine;
using ILGpuMobileNet.Host;
using ILGpuMobileNet.Kernels;

namespace ILGpuMobileNet.Cli.Options;

/// <summary>The options that choose a variant of a network, the same in every command.</summary>
internal sealed class ModelOptionSet
{
    private readonly Option<double?> _width = Parsed.Option<double?>(
        "--width",
        "W",
        "Width multiplier of an architecture, for example 0.75.",
        text => Parsed.Positive(text)
    );

    private readonly Option<Extent?> _resolution = Parsed.Option<Extent?>(
        "--resolution",
        "HxW",
        "Input height and width, for example 192x192.",
        text => Parsed.Resolution(text)
    );

    private readonly Option<int?> _classes = Parsed.Option<int?>(
        "--classes",
        "N",
        "Number of classes of an architecture.",
        text => Parsed.Integer(text, 1, int.MaxValue)
    );

    private readonly Option<bool> _reducedTail = new("--reduced-tail")
    {
        Description = "Half the channels in the last stage (MobileNetV3).",
    };

    private readonly Option<string?> _weights = new("--weights")
    {
        HelpName = "FILE",
        Description = "Weights of an architecture, in any format and any ecosystem's names.",
    };

    private readonly Option<string?> _ecosystem = new("--ecosystem")
    {
        HelpName = "NAME",
        Description =
            "Whose form of an architecture: torchvision, timm, timm-tf, keras, tf-slim, paddleclas. "
            + "Default: what the weights say.",
    };

    private readonly NumericsOptionSet _numerics = new();

    private readonly Option<ulong?> _randomWeights = Parsed.Option<ulong?>(
        "--random-weights",
        "SEED",
        "Random weights from this seed instead of a file.",
        text => (ulong)Parsed.Integer(text, 0, int.MaxValue)
    );

    /// <summary>Adds what changes a network's shape.</summary>
    /// <param name="command">The command.</param>
    public void AddShapeTo(Command command)
    {
        command.Add(_width);
        command.Add(_resolution);
        command.Add(_classes);
        command.Add(_reducedTail);
        command.Add(_ecosystem);
    }

    /// <summary>Adds what changes a network's shape, and where its weights come from.</summary>
    /// <param name="command">The command.</param>
    public void AddTo(Command command)
    {
        command.Add(_weights);
        command.Add(_randomWeights);
        AddShapeTo(command);
        _numerics.AddTo(command);
    }

    /// <summary>What the user chose.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="model">The network's name or file.</param>
    public ModelOptions Read(ParseResult arguments, string model) =>
        new()
        {
            Model = model,
            Weights = arguments.GetValue(_weights),
            RandomSeed = arguments.GetValue(_randomWeights),
            Width = arguments.GetValue(_width),
            Resolution = arguments.GetValue(_resolution),
            Classes = arguments.GetValue(_classes),
            ReducedTail = arguments.GetValue(_reducedTail),
            Ecosystem = arguments.GetValue(_ecosystem),
            Contract = _numerics.Contract(arguments),
            Numerics = _numerics.Read(arguments),
        };
}
