using System.Diagnostics.Metrics;
using ILGpuMobileNet.Host.Features;
using ILGpuMobileNet.Host.Images;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Execution;
using Microsoft.Extensions.Logging;

namespace ILGpuMobileNet.Host.Serving;

/// <summary>
/// Answers any number of callers at once: gathers their images into batches and puts these through one or more devices.
/// Images are decoded and resized beside that. A result does not depend on what else was in its batch: on devices of one
/// kind it is the same to the bit.
/// </summary>
/// <remarks>
/// A device that fails is taken out and tried again later; its batch goes to another device once. Disposing cancels what
/// is under way, <see cref="StopAsync"/> can let it finish; calls that come later, or are cancelled by it, end with an
/// <see cref="ObjectDisposedException"/>.
/// </remarks>
public sealed class MobileNetHost : IAsyncDisposable, IDisposable
{
    private static readonly TimeSpan _longestDrain = TimeSpan.FromDays(49); // timers count hardly any further

    private readonly HostedModel _model;
    private readonly BatchingEngine _engine;
    private readonly PreparationRoom _pictures;

    /// <summary>Opens the sessions and begins.</summary>
    /// <param name="model">What is run.</param>
    /// <param name="options">Checked options.</param>
    /// <param name="open">Opens a session on one of the options' devices, given its place in their list.</param>
    /// <param name="watch">Is told what happens; null for instruments of the host's own and no log.</param>
    internal MobileNetHost(
        HostedModel model,
        MobileNetHostOptions options,
        Func<int, ISession> open,
        HostWatch? watch = null
    )
    {
        _model = model;
        var reader = new ImageReader(model.Loaded.Preprocessing, model.Input, options.MaximalBatch);
        _pictures = new(reader, model.Input, options.PreparedCount, options.Decoders);
        Window = Math.Min(options.QueueCapacity, options.PreparedCount);
        _engine = new(model, options, open, watch ?? new(model.Loaded, null, null));
    }

    /// <summary>Name or file of the model.</summary>
    public string Model => _model.Loaded.Name;

    /// <summary>Shape of the network's input; images of any size are brought to it.</summary>
    public FeatureShape Input => _model.Input;

    /// <summary>Shape of the network's output, the first where there are several.</summary>
    public FeatureShape Output => _model.Outputs[0];

    /// <summary>The devices of its sessions; with <c>auto</c>, what was chosen.</summary>
    public IReadOnlyList<string> Devices => _engine.Devices;

    /// <summary>How images are prepared.</summary>
    public Preprocessing Preprocessing => _model.Loaded.Preprocessing;

    /// <summary>What that is known as: the name of a contract or of a preset, and whether items were changed.</summary>
    public string PreparedAs => _model.Loaded.PreparedAs;

    /// <summary>What was taken for granted about the weights, in sentences.</summary>
    public IReadOnlyList<string> Assumptions => _model.Loaded.Assumptions;

    /// <summary>
    /// How many classes a result lists: as many as were asked for, but no more than there are; 0 where the network is no
    /// classifier of pictures.
    /// </summary>
    public int TopCount => _model.TopCount;

    /// <summary>
    /// What results depend on besides the images and <see cref="TopCount"/>, by name: two hosts with the same say the same,
    /// but for the rounding of their devices.
    /// </summary>
    public IReadOnlyDictionary<string, string> Provenance => _model.Provenance;

    /// <summary>Calls under way: waiting to be let in, being decoded, waiting for a device, or running.</summary>
    public int CallCount => _engine.CallCount;

    /// <summary>How it is, now.</summary>
    public HostHealth Health => _engine.Health;

    /// <summary>Images of one enumeration that are under way at once: enough to have every device always busy.</summary>
    internal int Window { get; }

    /// <summary>Loads a model and gets it ready on every device.</summary>
    /// <param name="options">Which model, where, how.</param>
    /// <param name="cancellationToken">Stops the loading.</param>
    /// <exception cref="ArgumentException">The options name nothing that exists or do not go together.</exception>
    /// <exception cref="Network.Weights.ModelFormatException">A file cannot be used.</exception>
    /// <exception cref="IOException">A file is missing or cannot be read.</exception>
    /// <exception cref="DeviceNotAvailableException">A device cannot be used here.</exception>
    /// <exception cref="InsufficientMemoryException">
    /// A session needs more memory than its device has, or all needs more than the budget.
    /// </exception>
    public static Task<MobileNetHost> StartAsync(
        MobileNetHostOptions options,
        CancellationToken cancellationToken = default
    ) => StartAsync(options, null, null, cancellationToken);

    /// <summary>Loads a model and gets it ready on every device; writes a log and measures itself.</summary>
    /// <param name="options">Which model, where, how.</param>
    /// <param name="loggerFactory">Makes the logger; null for no log.</param>
    /// <param name="meterFactory">Makes the meter; null for one of the host's own.</param>
    /// <param name="cancellationToken">Stops the loading.</param>
    /// <inheritdoc cref="StartAsync(MobileNetHostOptions, CancellationToken)" path="/exception"/>
    public static Task<MobileNetHost> StartAsync(
        MobileNetHostOptions options,
        ILoggerFactory? loggerFactory,
        IMeterFactory? meterFactory,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(options);
        var known = options.Checked();
        return Task.Run(() => Start(known, loggerFactory, meterFactory, cancellationToken), cancellationToken);
    }

    /// <summary>Classifies an image file.</summary>
    /// <param name="path">The file; its content decides its format.</param>
    /// <param name="timeLimit">Time within which to answer; null means <see cref="MobileNetHostOptions.TimeLimit"/>.</param>
    /// <param name="cancellationToken">Gives the call up and frees its place.</param>
    /// <exception cref="ImageFormatException">It is no image that can be read.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    /// <exception cref="NotFiniteNumberException">The network's output is NaN or infinite.</exception>
    /// <exception cref="InvalidOperationException">The network is no classifier of pictures.</exception>
    /// <exception cref="QueueFullException">As many calls are under way as the host takes.</exception>
    /// <exception cref="TimeoutException">The time limit is over.</exception>
    /// <exception cref="DeviceException">No device could run it.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The host is stopped, or was before the call was answered.</exception>
    public Task<ClassificationResult> ClassifyAsync(
        string path,
        TimeSpan? timeLimit = null,
        CancellationToken cancellationToken = default
    ) => PictureAsync(() => ImageFile.Load(path), _model.ReadClasses(path), true, timeLimit, cancellationToken);

    /// <summary>Classifies an image file in memory, such as an upload.</summary>
    /// <param name="bytes">The whole file; read until the task has ended, and a moment longer where it was given up.</param>
    /// <param name="name">What the result and messages call it.</param>
    /// <param name="timeLimit">Time within which to answer; null means <see cref="MobileNetHostOptions.TimeLimit"/>.</param>
    /// <param name="cancellationToken">Gives the call up and frees its place.</param>
    /// <inheritdoc cref="ClassifyAsync(string, TimeSpan?, CancellationToken)" path="/exception[not(contains(@cref,'IOException'))]"/>
    public Task<ClassificationResult> ClassifyAsync(
        ReadOnlyMemory<byte> bytes,
        string name = "image",
        TimeSpan? timeLimit = null,
        CancellationToken cancellationToken = default
    ) =>
        PictureAsync(() => ImageFile.Decode(bytes, name), _model.ReadClasses(name), true, timeLimit, cancellationToken);

    /// <summary>Classifies an image in memory.</summary>
    /// <param name="image">The image.</param>
    /// <param name="name">What the result calls it.</param>
    /// <param name="timeLimit">Time within which to answer; null means <see cref="MobileNetHostOptions.TimeLimit"/>.</param>
    /// <param name="cancellationToken">Gives the call up and frees its place.</param>
    /// <inheritdoc cref="ClassifyAsync(string, TimeSpan?, CancellationToken)" path="/exception[position()>2]"/>
    public Task<ClassificationResult> ClassifyAsync(
        RgbImage image,
        string name = "image",
        TimeSpan? timeLimit = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(image);
        return PictureAsync(() => image, _model.ReadClasses(name), true, timeLimit, cancellationToken);
    }

    /// <summary>
    /// Classifies image files and gives the results in the files' order, reading no further ahead than the devices need.
    /// A file that is no image, or for which the network's output is not finite, yields a result with its error, and the
    /// others are done.
    /// </summary>
    /// <param name="paths">The files.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <inheritdoc cref="ClassifyAsync(string, TimeSpan?, CancellationToken)" path="/exception[position()>3]"/>
    public IAsyncEnumerable<ClassificationResult> ClassifyManyAsync(
        IAsyncEnumerable<string> paths,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(paths);
        return OrderedWork.RunAsync(paths, Window, ResultAsync, cancellationToken);

        async Task<ClassificationResult> ResultAsync(string path, CancellationToken stop)
        {
            try
            {
                var read = _model.ReadClasses(path);
                return await PictureAsync(() => ImageFile.Load(path), read, false, null, stop).ConfigureAwait(false);
            }
            catch (Exception fault) when (ImageReader.DescribeFault(path, fault) is { } error)
            {
                return ClassificationResult.Failed(path, error);
            }
        }
    }

    /// <summary>Gives the features of an image file that <see cref="MobileNetHostOptions.Features"/> lists.</summary>
    /// <param name="path">The file; its content decides its format.</param>
    /// <param name="timeLimit">Time within which to answer; null means <see cref="MobileNetHostOptions.TimeLimit"/>.</param>
    /// <param name="cancellationToken">Gives the call up and frees its place.</param>
    /// <inheritdoc cref="ClassifyAsync(string, TimeSpan?, CancellationToken)" path="/exception"/>
    public Task<FeatureResult> EmbedAsync(
        string path,
        TimeSpan? timeLimit = null,
        CancellationToken cancellationToken = default
    ) => PictureAsync(() => ImageFile.Load(path), _model.ReadFeatures(path), true, timeLimit, cancellationToken);

    /// <summary>
    /// Gives the features of an image file in memory, such as an upload, that <see cref="MobileNetHostOptions.Features"/>
    /// lists.
    /// </summary>
    /// <param name="bytes">The whole file; read until the task has ended, and a moment longer where it was given up.</param>
    /// <param name="name">What the result and messages call it.</param>
    /// <param name="timeLimit">Time within which to answer; null means <see cref="MobileNetHostOptions.TimeLimit"/>.</param>
    /// <param name="cancellationToken">Gives the call up and frees its place.</param>
    /// <inheritdoc cref="ClassifyAsync(string, TimeSpan?, CancellationToken)" path="/exception[not(contains(@cref,'IOException'))]"/>
    public Task<FeatureResult> EmbedAsync(
        ReadOnlyMemory<byte> bytes,
        string name = "image",
        TimeSpan? timeLimit = null,
        CancellationToken cancellationToken = default
    ) =>
        PictureAsync(
            () => ImageFile.Decode(bytes, name),
            _model.ReadFeatures(name),
            true,
            timeLimit,
            cancellationToken
        );

    /// <summary>Gives the features of an image in memory that <see cref="MobileNetHostOptions.Features"/> lists.</summary>
    /// <param name="image">The image.</param>
    /// <param name="name">What the result calls it.</param>
    /// <param name="timeLimit">Time within which to answer; null means <see cref="MobileNetHostOptions.TimeLimit"/>.</param>
    /// <param name="cancellationToken">Gives the call up and frees its place.</param>
    /// <inheritdoc cref="ClassifyAsync(string, TimeSpan?, CancellationToken)" path="/exception[position()>2]"/>
    public Task<FeatureResult> EmbedAsync(
        RgbImage image,
        string name = "image",
        TimeSpan? timeLimit = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(image);
        return PictureAsync(() => image, _model.ReadFeatures(name), true, timeLimit, cancellationToken);
    }

    /// <summary>Puts one image that is prepared already through the network.</summary>
    /// <param name="input">Axes <c>[H, W, C]</c> of <see cref="Input"/>; read until the task has ended.</param>
    /// <param name="output">Receives the result, axes <c>[H, W, C]</c> of <see cref="Output"/>, where all goes well.</param>
    /// <param name="timeLimit">Time within which to answer; null means <see cref="MobileNetHostOptions.TimeLimit"/>.</param>
    /// <param name="cancellationToken">Gives the call up and frees its place.</param>
    /// <exception cref="ArgumentException">A length is not that of the network's input or output.</exception>
    /// <inheritdoc cref="ClassifyAsync(string, TimeSpan?, CancellationToken)" path="/exception[position()>4]"/>
    public async Task RunAsync(
        ReadOnlyMemory<float> input,
        Memory<float> output,
        TimeSpan? timeLimit = null,
        CancellationToken cancellationToken = default
    )
    {
        CheckLength(nameof(input), input.Length, Input);
        CheckLength(nameof(output), output.Length, Output);
        await _engine
            .CallAsync(
                (batch, index) => batch.Output(0, index).TryCopyTo(output.Span),
                new LentImage(input),
                new(timeLimit, MayReject: true, cancellationToken)
            )
            .ConfigureAwait(false);
    }

    /// <summary>Takes no more calls, lets those under way end for a time, then gives them up and closes the sessions.</summary>
    /// <param name="drainTime">How long calls under way may take to end, at most 49 days; zero gives them up at once.</param>
    /// <param name="cancellationToken">Gives them up before that.</param>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative or longer than that; the host goes on.</exception>
    /// <exception cref="TimeoutException">A device has not come back from a batch.</exception>
    public Task StopAsync(TimeSpan drainTime, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(drainTime, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(drainTime, _longestDrain);
        return _engine.StopAsync(drainTime, cancellationToken);
    }

    /// <summary>Gives up the calls that are under way and closes the sessions; waits for batches that run.</summary>
    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    /// <summary>Gives up the calls that are under way and closes the sessions; waits for batches that run.</summary>
    public void Dispose() => _engine.DisposeAsync().AsTask().GetAwaiter().GetResult();

    private static MobileNetHost Start(
        MobileNetHostOptions options,
        ILoggerFactory? loggerFactory,
        IMeterFactory? meterFactory,
        CancellationToken cancellationToken
    )
    {
        options.Devices = [.. options.Devices.Select(Host.Devices.Choose)];
        var model = new HostedModel(ModelSource.Load(options.Model, cancellationToken), options, cancellationToken);
        var sessions = new SessionFactory(model.Model, new(options.MaximalBatch, options.ThreadCountOnCpu));
        if (options.MemoryBudgetBytes is { } budget)
        {
            new MemoryBudget(sessions.MemoryFor(options.Devices), BatchQueue.BytesOf(options, model)).CheckFits(
                $"A host of {model.Loaded.Name}, batch {options.MaximalBatch},",
                budget
            );
        }
        var watch = new HostWatch(model.Loaded, loggerFactory, meterFactory, options.Name);
        return new(model, options, place => sessions.Open(options.Devices[place]), watch);
    }

    private Task<T> PictureAsync<T>(
        Func<RgbImage> load,
        Func<CallBatch, int, T> read,
        bool mayReject,
        TimeSpan? timeLimit,
        CancellationToken cancellationToken
    ) => _engine.CallAsync(read, new Picture(load, _pictures), new(timeLimit, mayReject, cancellationToken));

    private static void CheckLength(string name, int length, FeatureShape shape)
    {
        if (length != shape.ElementCount)
        {
            throw new ArgumentException(
                $"Got {length} floats, expected {shape.ElementCount}: one image of {shape}.",
                name
            );
        }
    }
}
