using System.CommandLine;
using ILGpuMobileNet.Host;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Architectures;

namespace ILGpuMobileNet.Cli.Options;

/// <summary>The options that say what weights were trained under; a contradiction with the weights is an error.</summary>
/// <param name="suffix">What their names end in where a command has them for two networks.</param>
internal sealed class NumericsOptionSet(string suffix = "")
{
    private readonly Option<string?> _contract = new($"--contract{suffix}")
    {
        HelpName = "NAME",
        Description =
            "Which published weights these are ('mobilenet models --contracts' lists them). Default: what the "
            + "file's hash, metadata, tensors or path say.",
    };

    private readonly Option<double?> _epsilon = Parsed.Option<double?>(
        $"--epsilon{suffix}",
        "E",
        "BatchNorm epsilon; an error where the weights are known to want another.",
        text => ItemText.ParsePositive(text)
    );

    private readonly Option<PaddingRule?> _padding = Parsed.Option<PaddingRule?>(
        $"--padding{suffix}",
        "RULE",
        $"{ItemText.Values<PaddingRule>()}; an error where the weights are known to want another.",
        text => ItemText.Parse<PaddingRule>(text)
    );

    private readonly Option<Activation?> _gate = Parsed.Option<Activation?>(
        $"--gate{suffix}",
        "ACTIVATION",
        "Gate of squeeze-excite, for example hard-sigmoid or hard-sigmoid:0.2; an error where the weights are known to "
            + "want another.",
        text => ItemText.ParseActivation(text)
    );

    private readonly Option<Activation?> _activation = Parsed.Option<Activation?>(
        $"--activation{suffix}",
        "RELU",
        "What the papers call RE: relu or relu6; an error where the weights are known to want the other.",
        text => ItemText.ParseRelu(text)
    );

    private readonly Option<bool> _force = new($"--force-numerics{suffix}")
    {
        Description =
            "Compute with --epsilon, --padding, --gate and --activation whatever the weights are known to want.",
    };

    /// <summary>Adds them.</summary>
    /// <param name="command">The command.</param>
    public void AddTo(Command command)
    {
        command.Add(_contract);
        command.Add(_epsilon);
        command.Add(_padding);
        command.Add(_gate);
        command.Add(_activation);
        command.Add(_force);
    }

    /// <summary>The contract's name, if one was named.</summary>
    /// <param name="arguments">The command line.</param>
    public string? Contract(ParseResult arguments) => arguments.GetValue(_contract);

    /// <summary>The items; null where none was stated.</summary>
    /// <param name="arguments">The command line.</param>
    public NumericsOptions? Read(ParseResult arguments)
    {
        var numerics = new NumericsOptions
        {
            BatchNormEpsilon = arguments.GetValue(_epsilon),
            Padding = arguments.GetValue(_padding),
            Gate = arguments.GetValue(_gate),
            Relu = arguments.GetValue(_activation),
        };
        return numerics == new NumericsOptions() ? null : numerics with { Force = arguments.GetValue(_force) };
    }
}
