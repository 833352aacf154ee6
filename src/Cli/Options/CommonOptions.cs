using System.CommandLine;

namespace ILGpuMobileNet.Cli.Options;

/// <summary>Options and arguments that look the same in several commands.</summary>
internal static class CommonOptions
{
    /// <summary>Results as JSON on stdout, in place of text.</summary>
    public static Option<bool> Json() => new("--json") { Description = "Results as JSON on stdout." };

    /// <summary>A network, by name or file.</summary>
    public static Argument<string> Model() =>
        new("MODEL")
        {
            Description =
                "An architecture ('mobilenet models' lists them), text-direction, or a file: an ONNX graph, or "
                + "weights that identify themselves.",
        };
}
