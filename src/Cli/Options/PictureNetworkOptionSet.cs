using System.CommandLine;
using System.CommandLine.Parsing;
using ILGpuMobileNet.Host;
using ILGpuMobileNet.Host.Serving;

namespace ILGpuMobileNet.Cli.Options;

/// <summary>What commands have that put pictures through a network: pictures, network, preparation, and where it runs.</summary>
/// <param name="devices">Whether one device can be named, or several.</param>
internal sealed class PictureNetworkOptionSet(DeviceChoice devices = DeviceChoice.One)
{
    private readonly PictureArguments _images = new();
    private readonly Option<string> _model = CommonOptions.ModelOption();
    private readonly ModelOptionSet _modelOptions = new();
    private readonly PictureOptionSet _pictures = new();
    private readonly ExecutionOptionSet _execution = new(devices);

    /// <summary>Adds them.</summary>
    /// <param name="command">The command.</param>
    /// <param name="own">Its own options, which help lists after the pictures and the model.</param>
    public void AddTo(Command command, params ReadOnlySpan<Option> own)
    {
        _images.AddTo(command);
        command.Add(_model);
        foreach (var option in own)
        {
            command.Add(option);
        }
        _modelOptions.AddTo(command);
        _pictures.AddTo(command);
        _execution.AddTo(command);
    }

    /// <inheritdoc cref="PictureArguments.FilesAsync"/>
    public Task<List<string>> FilesAsync(ParseResult arguments, CancellationToken cancellationToken) =>
        _images.FilesAsync(arguments, cancellationToken);

    /// <inheritdoc cref="PictureArguments.StreamAsync"/>
    public IAsyncEnumerable<string> StreamAsync(ParseResult arguments, CancellationToken cancellationToken) =>
        _images.StreamAsync(arguments, cancellationToken);

    /// <inheritdoc cref="PictureArguments.CanBeReadAgain"/>
    public bool CanBeReadAgain(ParseResult arguments) => _images.CanBeReadAgain(arguments);

    /// <inheritdoc cref="ExecutionOptionSet.HasSeveralDevices"/>
    public bool HasSeveralDevices(CommandResult command) => _execution.HasSeveralDevices(command);

    /// <summary>The network, and how pictures are prepared for it.</summary>
    /// <param name="arguments">The command line.</param>
    public ModelOptions Model(ParseResult arguments) =>
        _pictures.Apply(arguments, _modelOptions.Read(arguments, arguments.GetRequiredValue(_model)));

    /// <summary>Options with where the network runs, and how many pictures at once.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="imageCount">How many pictures there are.</param>
    /// <param name="options">What else was chosen.</param>
    public T Run<T>(ParseResult arguments, int imageCount, T options)
        where T : PictureNetworkOptions =>
        options with
        {
            MaximalBatch = _images.Batch(arguments, imageCount),
            Device = _execution.Device(arguments),
            ThreadCount = _execution.ThreadCount(arguments),
        };

    /// <summary>A host's options with where the network runs, and how many pictures at once.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="options">What else was chosen.</param>
    public MobileNetHostOptions Run(ParseResult arguments, MobileNetHostOptions options)
    {
        options.MaximalBatch = _images.Batch(arguments, int.MaxValue);
        options.Devices = _execution.Devices(arguments);
        options.ThreadCount = _execution.ThreadCount(arguments);
        return options;
    }
}
