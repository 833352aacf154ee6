using System.CommandLine;
using ILGpuMobileNet.Host;

namespace ILGpuMobileNet.Cli.Options;

/// <summary>Options and arguments that look the same in several commands.</summary>
internal static class CommonOptions
{
    /// <summary>Results as JSON on stdout, in place of text.</summary>
    public static Option<bool> Json() => new("--json") { Description = "Results as JSON on stdout." };

    /// <summary>The network of a command whose arguments are pictures.</summary>
    public static Option<string> ModelOption() =>
        new("--model")
        {
            HelpName = "NAME|FILE",
            Description =
                "An architecture, a file (ONNX, or weights that identify themselves), or the trained "
                + "text-direction classifier.",
            DefaultValueFactory = _ => ModelOptions.DefaultModel,
        };

    /// <summary>A network, by name or file.</summary>
    public static Argument<string> Model() =>
        new("MODEL")
        {
            Description =
                "An architecture ('mobilenet models' lists them), text-direction, or a file: an ONNX graph, or "
                + "weights that identify themselves.",
        };
}
