using ILGpuMobileNet.Host.Images;
using ILGpuMobileNet.Network;
using ILGpuMobileNet.Network.Execution;

namespace ILGpuMobileNet.Host;

/// <summary>
/// Puts pictures through a network, one or many. Safe for use by several threads at once: they decode side by side and
/// take turns at the network. Disposing waits for a run of the network; calls that come later, or have not reached the
/// network yet, end with an <see cref="ObjectDisposedException"/>.
/// </summary>
internal sealed class PictureNetwork : IDisposable
{
    private readonly Lock _turn = new();
    private readonly ImageReader _reader;
    private readonly Memory<float>[] _outputs; // [N, H, W, C] of each
    private readonly Memory<float>[] _parts; // of a run, as long as its batch
    private bool _isDisposed;

    /// <summary>Gets a network ready.</summary>
    /// <param name="loaded">What prepares pictures.</param>
    /// <param name="model">The network, perhaps with other outputs.</param>
    /// <param name="device">Where it runs.</param>
    /// <param name="options">Batch, and threads on the CPU.</param>
    public PictureNetwork(LoadedModel loaded, Model model, DeviceName device, SessionOptions options)
    {
        _outputs =
        [
            .. model.Graph.Outputs.Select(shape =>
                new float[checked(options.MaximalBatch * shape.ElementCount)].AsMemory()
            ),
        ];
        _parts = new Memory<float>[_outputs.Length];
        _reader = new(loaded.Preprocessing, model.Graph.Input, options.MaximalBatch);
        Session = Devices.CreateSession(model, device, options);
    }

    /// <summary>The network on its device.</summary>
    public ISession Session { get; }

    /// <summary>What the last run gave for an image; valid while a result is read.</summary>
    /// <param name="output">Which output.</param>
    /// <param name="image">Its place in the batch.</param>
    public ReadOnlySpan<float> Output(int output, int image)
    {
        var size = checked((int)Session.Outputs[output].ElementCount);
        return _outputs[output].Span.Slice(image * size, size);
    }

    /// <summary>Runs one picture.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="read">Takes the result, given the place in the batch.</param>
    public T Run<T>(RgbImage image, Func<int, T> read)
    {
        var pixels = new float[Session.Input.ElementCount];
        _reader.Prepare(image, pixels);
        lock (_turn)
        {
            Run(pixels, 1);
            return read(0);
        }
    }

    /// <summary>
    /// Runs files in batches and streams the results in the files' order; the next batch is decoded while the network
    /// runs. A file that is no picture yields a result with its error.
    /// </summary>
    /// <param name="paths">The files.</param>
    /// <param name="read">Takes a result, given the file and its place in the batch.</param>
    /// <param name="fail">Makes a result of a file and its error.</param>
    /// <param name="cancellationToken">Stops between two files.</param>
    public IEnumerable<T> RunMany<T>(
        IEnumerable<string> paths,
        Func<string, int, T> read,
        Func<string, string, T> fail,
        CancellationToken cancellationToken
    )
    {
        return _reader.ReadAhead(paths.Chunk(Session.MaximalBatch), cancellationToken).SelectMany(Infer);

        T[] Infer(ImageBatch batch)
        {
            lock (_turn)
            {
                if (batch.HasImages)
                {
                    Run(batch.Pixels, batch.Files.Count);
                }
                return
                [
                    .. batch.Files.Select(
                        (file, index) => batch.ErrorOf(index) is { } error ? fail(file, error) : read(file, index)
                    ),
                ];
            }
        }
    }

    /// <summary>Gives the network's memory back. Waits for a run that is under way; calling it again does nothing.</summary>
    public void Dispose()
    {
        lock (_turn)
        {
            if (!_isDisposed)
            {
                _isDisposed = true;
                Session.Dispose();
            }
        }
    }

    private void Run(ReadOnlySpan<float> pixels, int count)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        for (var i = 0; i < _parts.Length; i++)
        {
            _parts[i] = _outputs[i][..(int)(count * Session.Outputs[i].ElementCount)];
        }
        Session.Run(pixels, _parts, count);
    }
}
