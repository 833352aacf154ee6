using System.Collections.Immutable;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Execution;

namespace ILGpuMobileNet.Host.Serving;

/// <summary>
/// Calls whose images go through a device together, and what comes out; reused from batch to batch. It is one lane's, but
/// for the time between a failure and the next try, when it is the queue's.
/// </summary>
internal sealed class CallBatch : IThreadPoolWorkItem
{
    private readonly ImmutableArray<FeatureShape> _outputs;
    private readonly Memory<float>[] _results; // [N, H, W, C] of each output
    private readonly Memory<float>[] _parts; // of a run, as long as its batch
    private readonly Call?[] _calls; // the first Count
    private readonly BatchQueue _queue;
    private readonly Action<int> _fetch; // an image for a session that asks for it
    private float[] _images = []; // where to
    private Exception? _fault;

    /// <summary>Takes the memory.</summary>
    /// <param name="queue">Where it goes when its calls are answered.</param>
    /// <param name="outputs">Shapes of one image's outputs.</param>
    /// <param name="capacity">Calls it holds.</param>
    public CallBatch(BatchQueue queue, ImmutableArray<FeatureShape> outputs, int capacity)
    {
        (_queue, _outputs) = (queue, outputs);
        _results = [.. outputs.Select(shape => new float[checked((int)(shape.ElementCount * capacity))].AsMemory())];
        _parts = new Memory<float>[_results.Length];
        _calls = new Call?[capacity];
        _fetch = index => Read(index, _images);
    }

    /// <summary>Calls in it.</summary>
    public int Count { get; private set; }

    /// <summary>The lane that failed with it, or null.</summary>
    public LaneId? FailedOn { get; set; }

    /// <summary>The calls in it.</summary>
    public ReadOnlySpan<Call> Calls => _calls.AsSpan(0, Count)!;

    /// <summary>What the network gave for an image.</summary>
    /// <param name="output">Which output.</param>
    /// <param name="index">Its place.</param>
    public ReadOnlySpan<float> Output(int output, int index)
    {
        var size = (int)_outputs[output].ElementCount;
        return _results[output].Span.Slice(index * size, size);
    }

    /// <summary>Adds a call.</summary>
    /// <param name="call">The call, whose image is there.</param>
    public void Add(Call call) => _calls[Count++] = call;

    /// <summary>Takes the calls out that were given up while it waited to be tried again.</summary>
    public void DropEnded()
    {
        var kept = 0;
        for (var i = 0; i < Count; i++)
        {
            if (_calls[i] is { IsEnded: false } call)
            {
                _calls[kept++] = call;
            }
        }
        _calls.AsSpan(kept).Clear();
        Count = kept;
    }

    /// <summary>Gathers the images and puts them through a session.</summary>
    /// <param name="session">The session.</param>
    /// <param name="images">Where to gather them unless the session has memory for that; as large as its largest batch.</param>
    public void Run(ISession session, float[] images)
    {
        for (var i = 0; i < _parts.Length; i++)
        {
            _parts[i] = _results[i][..(int)(Count * _outputs[i].ElementCount)];
        }
        var input = session is IStagedSession staged ? staged.Images : images;
        var size = (int)session.Input.ElementCount;
        if (session is CpuSession cpu)
        {
            _images = images;
            cpu.Run(input[..(Count * size)], _parts, Count, _fetch);
            return;
        }
        for (var i = 0; i < Count; i++)
        {
            Read(i, input);
        }
        session.Run(input[..(Count * size)], _parts, Count);
    }

    private void Read(int index, Span<float> images)
    {
        var size = images.Length / _calls.Length;
        _calls[index]!.Read(images.Slice(index * size, size));
    }

    /// <summary>Answers the calls on another thread, so that the device can go on; then the batch is free.</summary>
    /// <param name="fault">What the calls get where the batch failed; null where it has run.</param>
    public void End(Exception? fault)
    {
        _fault = fault;
        var waiting = 0; // a caller who gave up is answered, and may have come again
        foreach (var call in Calls)
        {
            waiting += call.IsEnded ? 0 : 1;
        }
        _queue.NoteAnswers(waiting);
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <inheritdoc/>
    void IThreadPoolWorkItem.Execute()
    {
        for (var index = 0; index < Count; index++)
        {
            if (_fault is null)
            {
                _calls[index]!.Answer(this, index);
            }
            else
            {
                _calls[index]!.Fail(_fault);
            }
        }
        _queue.Recycle(this);
    }

    /// <summary>Forgets the calls.</summary>
    public void Clear()
    {
        Array.Clear(_calls);
        (Count, FailedOn, _fault) = (0, null, null);
    }
}
