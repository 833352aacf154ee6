using System.Collections.Immutable;
using ILGpuMobileNet.Kernels;

namespace ILGpuMobileNet.Network.Execution;

/// <summary>
/// What every session checks: the arguments of a run, that one caller runs it at a time, and that it is not disposed.
/// </summary>
/// <param name="input">Shape of one input image.</param>
/// <param name="outputs">Shapes of one image's outputs.</param>
/// <param name="maximalBatch">Largest batch.</param>
internal sealed class SessionTurn(FeatureShape input, ImmutableArray<FeatureShape> outputs, int maximalBatch)
{
    private const int Idle = 0;
    private const int Running = 1;
    private const int Disposed = 2;

    private int _state;
    private volatile bool _isClosed;

    /// <summary>Begins a run; <see cref="End"/> must follow.</summary>
    /// <param name="session">The session, for the error.</param>
    /// <param name="inputLength">Floats of the input.</param>
    /// <param name="buffers">Where the outputs go.</param>
    /// <param name="batch">Images.</param>
    public void Begin(object session, int inputLength, OutputBuffers buffers, int batch)
    {
        ObjectDisposedException.ThrowIf(IsClosed, session);
        CheckBatch(batch);
        CheckLength("input", inputLength, batch, input);
        CheckCount(buffers);
        for (var i = 0; i < buffers.Count; i++)
        {
            CheckLength(buffers.Name, buffers[i].Length, batch, outputs[i]);
        }
        var before = Interlocked.CompareExchange(ref _state, Running, Idle);
        ObjectDisposedException.ThrowIf(before == Disposed, session);
        if (before == Running)
        {
            throw new InvalidOperationException(
                "Another thread is running this session; a session serves one caller at a time, use one for each."
            );
        }
    }

    /// <summary>Ends a run.</summary>
    public void End() => Volatile.Write(ref _state, Idle);

    /// <summary>Whether no run will begin any more; one may be under way.</summary>
    public bool IsClosed => _isClosed;

    /// <summary>Lets no run begin any more and waits for one under way; true the first time.</summary>
    public bool Close()
    {
        // A caller who runs it again and again leaves no moment in between to wait for.
        _isClosed = true;
        var wait = new SpinWait();
        int before;
        while ((before = Interlocked.CompareExchange(ref _state, Disposed, Idle)) == Running)
        {
            wait.SpinOnce();
        }
        return before == Idle;
    }

    private void CheckBatch(int batch)
    {
        if (batch < 1 || batch > maximalBatch)
        {
            throw new ArgumentOutOfRangeException(
                nameof(batch),
                batch,
                $"The session takes 1 to {maximalBatch} images a run; build it with a larger maximal batch."
            );
        }
    }

    private void CheckCount(OutputBuffers buffers)
    {
        if (buffers.Count > outputs.Length || (buffers.Count < outputs.Length && !buffers.IsFirstOnly))
        {
            throw new ArgumentException(
                $"Got {buffers.Count} buffers, expected {outputs.Length}: one for each output.",
                buffers.Name
            );
        }
    }

    private static void CheckLength(string name, int length, int batch, FeatureShape shape)
    {
        if (length != batch * shape.ElementCount)
        {
            throw new ArgumentException(
                $"Got {length} floats, expected {batch * shape.ElementCount}: a batch of {batch} times {shape}.",
                name
            );
        }
    }
}
