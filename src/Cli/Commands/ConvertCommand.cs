using System.CommandLine;
using System.Globalization;
using ILGpuMobileNet.Cli.Options;
using ILGpuMobileNet.Cli.Reports;
using ILGpuMobileNet.Host;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Cli.Commands;

/// <summary><c>mobilenet convert</c>.</summary>
internal sealed class ConvertCommand : ToolCommand
{
    private readonly Argument<string> _input = new("IN")
    {
        Description = "A file of weights in any format, or an architecture with --weights.",
    };

    private readonly Argument<string> _output = new("OUT.safetensors") { Description = "The file to write." };

    private readonly Option<bool> _half = new("--f16")
    {
        Description = "Round the weights to float16: half the size, not the same bits.",
    };

    private readonly Option<string?> _labels = new("--labels")
    {
        HelpName = "FILE",
        Description = "Text file with one label per line, in place of the contract's labels.",
    };

    private readonly Option<bool> _json = CommonOptions.Json();
    private readonly ModelOptionSet _modelOptions = new();
    private readonly PictureOptionSet _pictures = new();

    /// <summary>Declares the command.</summary>
    public ConvertCommand()
        : base(
            "convert",
            "Write weights as a safetensors file that describes itself: it loads without any other option and gives the "
                + "same bits as the original.",
            "convert mobilenet_v3_large-5c1a4163.pth large.safetensors",
            "convert model.safetensors small.safetensors --contract timm/mobilenetv3_small_100.lamb_in1k --f16",
            "convert mine.pth mine.safetensors --labels flowers.txt --resize 256"
        )
    {
        Add(_input);
        Add(_output);
        Add(_half);
        Add(_labels);
        Add(_json);
        _modelOptions.AddTo(this);
        _pictures.AddTo(this);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var (input, output) = (arguments.GetRequiredValue(_input), arguments.GetRequiredValue(_output));
        var path = OutputPath.Check("OUT", output);
        var options = _pictures.Apply(arguments, _modelOptions.Read(arguments, input));
        if (path == Path.GetFullPath(options.Weights ?? input))
        {
            throw new ArgumentException($"{output} is the input too; name another file.");
        }
        var model = await Task.Run(() => ModelSource.Load(options, cancellationToken), cancellationToken);
        var classes = model.Model.Graph.Output.Channels;
        var labels = arguments.GetValue(_labels) is { } file ? Labels.Read(file, classes, cancellationToken) : null;
        var type = arguments.GetValue(_half) ? ElementType.F16 : ElementType.F32;
        await Task.Run(() => ModelConverter.Write(model, path, type, labels), cancellationToken);
        await Notes.WriteAsync(arguments.InvocationConfiguration.Error, model.Assumptions);
        Report(arguments, new(model.Name, output, type.ToString(), new FileInfo(path).Length, model.Contract?.Name));
        return ExitCode.Done;
    }

    private void Report(ParseResult arguments, ConversionReport report)
    {
        var output = arguments.InvocationConfiguration.Output;
        if (arguments.GetValue(_json))
        {
            JsonOutput.Write(output, report, JsonOutput.Indented.ConversionReport);
            return;
        }
        var size = report.Bytes.ToString("N0", CultureInfo.InvariantCulture);
        var contract = report.Contract is { } name ? $", contract {name}" : "";
        output.WriteLine($"{report.File}: {report.Model}, {report.Dtype}, {size} bytes{contract}");
    }
}
