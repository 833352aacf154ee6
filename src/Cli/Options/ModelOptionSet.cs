using System.CommandLine;
using ILGpuMobileNet.Host;
using ILGpuMobileNet.Kernels;

namespace ILGpuMobileNet.Cli.Options;

/// <summary>The options that choose a variant of a network, the same in every command.</summary>
/// <param name="suffix">What their names end in where a command has them for two networks.</param>
internal sealed class ModelOptionSet(string suffix = "")
{
    private readonly Option<double?> _width = Parsed.Option<double?>(
        $"--width{suffix}",
        "W",
        "Width multiplier of an architecture, for example 0.75.",
        text => Parsed.Positive(text)
    );

    private readonly Option<Extent?> _resolution = Parsed.Option<Extent?>(
        $"--resolution{suffix}",
        "HxW",
        "Input height and width, for example 192x192.",
        text => Parsed.Resolution(text)
    );

    private readonly Option<int?> _classes = Parsed.Option<int?>(
        $"--classes{suffix}",
        "N",
        "Number of classes of an architecture.",
        text => Parsed.Integer(text, 1, int.MaxValue)
    );

    private readonly Option<bool> _reducedTail = new($"--reduced-tail{suffix}")
    {
        Description = "Half the channels in the last stage (MobileNetV3).",
    };

    private readonly Option<string?> _weights = new($"--weights{suffix}")
    {
        HelpName = "FILE",
        Description = "Weights of an architecture, in any format and any ecosystem's names.",
    };

    private readonly Option<string?> _ecosystem = new($"--ecosystem{suffix}")
    {
        HelpName = "NAME",
        Description =
            "Whose form of an architecture: torchvision, timm, timm-tf, keras, tf-slim, paddleclas. "
            + "Default: what the weights say.",
    };

    private readonly NumericsOptionSet _numerics = new(suffix);

    private readonly Option<ulong?> _randomWeights = Parsed.Option<ulong?>(
        $"--random-weights{suffix}",
        "SEED",
        "Random weights from this seed instead of a file.",
        text => (ulong)Parsed.Integer(text, 0, int.MaxValue)
    );

    private readonly Option<ulong?> _newHead = Parsed.Option<ulong?>(
        $"--new-head{suffix}",
        "SEED",
        "A random classifier from this seed, for --classes classes, in place of the one that the weights have or where they "
            + "lack it.",
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
        command.Add(_newHead);
        AddShapeTo(command);
        _numerics.AddTo(command);
    }

    /// <summary>What the user chose.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="model">The network's name or file.</param>
    public ModelOptions Read(ParseResult arguments, string model) =>
        Read(arguments, new ModelOptions { Model = model });

    /// <summary>What the user chose, in place of what holds otherwise.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="otherwise">What holds for every option that is left out.</param>
    public ModelOptions Read(ParseResult arguments, ModelOptions otherwise)
    {
        var (weights, seed) = (arguments.GetValue(_weights), arguments.GetValue(_randomWeights));
        var namesWeights = weights is not null || seed is not null;
        return otherwise with
        {
            Weights = namesWeights ? weights : otherwise.Weights,
            RandomSeed = namesWeights ? seed : otherwise.RandomSeed,
            NewHeadSeed = arguments.GetValue(_newHead) ?? otherwise.NewHeadSeed,
            Width = arguments.GetValue(_width) ?? otherwise.Width,
            Resolution = arguments.GetValue(_resolution) ?? otherwise.Resolution,
            Classes = arguments.GetValue(_classes) ?? otherwise.Classes,
            ReducedTail = arguments.GetValue(_reducedTail) || otherwise.ReducedTail,
            Ecosystem = arguments.GetValue(_ecosystem) ?? otherwise.Ecosystem,
            Contract = _numerics.Contract(arguments) ?? otherwise.Contract,
            Numerics = _numerics.Read(arguments) ?? otherwise.Numerics,
        };
    }
}
