using System.Collections.Immutable;
using System.Diagnostics;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Execution;

namespace ILGpuMobileNet.Host.Serving;

/// <summary>
/// Images that go through a device together, and what comes out; reused from batch to batch. While it fills, its members
/// are the queue's, under its lock; while it runs, the lane's.
/// </summary>
internal sealed class StagingBatch : IThreadPoolWorkItem
{
    private readonly FeatureShape _input;
    private readonly ImmutableArray<FeatureShape> _outputs;
    private readonly float[] _images; // [N, H, W, C]
    private readonly Memory<float>[] _results; // [N, H, W, C] of each output
    private readonly Memory<float>[] _parts; // of a run, as long as its batch
    private readonly Call?[] _calls; // by place; null where a call gave up, or none has come
    private readonly BatchQueue _queue;
    private Exception? _fault;

    /// <summary>Takes the memory.</summary>
    /// <param name="queue">Where it goes when its calls are answered.</param>
    /// <param name="input">Shape of one image.</param>
    /// <param name="outputs">Shapes of one image's outputs.</param>
    /// <param name="capacity">Images it holds.</param>
    public StagingBatch(BatchQueue queue, FeatureShape input, ImmutableArray<FeatureShape> outputs, int capacity)
    {
        (_queue, _input, _outputs) = (queue, input, outputs);
        _images = new float[checked((int)(input.ElementCount * capacity))];
        _results = [.. outputs.Select(shape => new float[checked((int)(shape.ElementCount * capacity))].AsMemory())];
        _parts = new Memory<float>[_results.Length];
        _calls = new Call?[capacity];
    }

    /// <summary>Images in it.</summary>
    public int Count { get; private set; }

    /// <summary>Images that are still being written.</summary>
    public int WriterCount { get; private set; }

    /// <summary>When its first image was written, as <see cref="Stopwatch"/> counts.</summary>
    public long Begin { get; private set; }

    /// <summary>Whether a lane has it: then calls that are given up stay in it.</summary>
    public bool IsTaken { get; set; }

    /// <summary>The lane that failed with it, or null.</summary>
    public LaneId? FailedOn { get; set; }

    /// <summary>Whether no more images fit.</summary>
    public bool IsFull => Count == _calls.Length;

    /// <summary>Images that are written.</summary>
    public int ReadyCount => Count - WriterCount;

    /// <summary>The calls in it, now.</summary>
    public IReadOnlyList<Call> Calls => [.. _calls.OfType<Call>()];

    /// <summary>Where an image is.</summary>
    /// <param name="index">Its place.</param>
    public Span<float> ImageOf(int index)
    {
        var size = (int)_input.ElementCount;
        return _images.AsSpan(index * size, size);
    }

    /// <summary>What the network gave for an image.</summary>
    /// <param name="output">Which output.</param>
    /// <param name="index">Its place.</param>
    public ReadOnlySpan<float> Output(int output, int index)
    {
        var size = (int)_outputs[output].ElementCount;
        return _results[output].Span.Slice(index * size, size);
    }

    /// <summary>Gives a call the first free place.</summary>
    /// <param name="call">The call, whose image is not there yet.</param>
    public void Add(Call call)
    {
        (call.Batch, call.Index, call.Stage) = (this, Array.IndexOf(_calls, null), CallStage.Placed);
        _calls[call.Index] = call;
        Count++;
        WriterCount++;
    }

    /// <summary>Notes that a call's image is written.</summary>
    /// <param name="call">The call.</param>
    public void Commit(Call call)
    {
        call.Stage = CallStage.Ready;
        WriterCount--;
        Begin = ReadyCount == 1 ? Stopwatch.GetTimestamp() : Begin;
    }

    /// <summary>Frees the place of a call that nobody writes.</summary>
    /// <param name="call">The call.</param>
    public void Remove(Call call)
    {
        WriterCount -= call.Stage == CallStage.Placed ? 1 : 0;
        _calls[call.Index] = null;
        (call.Batch, call.Stage) = (null, CallStage.Outside);
        Count--;
    }

    /// <summary>Closes the gaps that calls left, so that the images lie one after the other.</summary>
    public void Compact()
    {
        for (var last = _calls.Length - 1; Array.IndexOf(_calls, null) is var gap && gap >= 0 && gap < Count; last--)
        {
            if (_calls[last] is { } call)
            {
                ImageOf(last).CopyTo(ImageOf(gap));
                (_calls[gap], _calls[last], call.Index) = (call, null, gap);
            }
        }
    }

    /// <summary>Puts the images through a session.</summary>
    /// <param name="session">The session.</param>
    public void Run(ISession session)
    {
        for (var i = 0; i < _parts.Length; i++)
        {
            _parts[i] = _results[i][..(int)(Count * _outputs[i].ElementCount)];
        }
        session.Run(_images.AsSpan(0, Count * (int)_input.ElementCount), _parts, Count);
    }

    /// <summary>Answers the calls on another thread, so that the device can go on; then the batch is free.</summary>
    /// <param name="fault">What the calls get where the batch failed; null where it has run.</param>
    public void End(Exception? fault)
    {
        _fault = fault;
        var waiting = 0; // a caller who gave up is answered, and may have come again
        foreach (var call in _calls)
        {
            waiting += call is { IsEnded: false } ? 1 : 0;
        }
        _queue.NoteAnswers(waiting);
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <inheritdoc/>
    void IThreadPoolWorkItem.Execute()
    {
        for (var index = 0; index < _calls.Length; index++)
        {
            if (_fault is null)
            {
                _calls[index]?.Answer(this, index);
            }
            else
            {
                _calls[index]?.Fail(_fault);
            }
        }
        _queue.Recycle(this);
    }

    /// <summary>Forgets the calls.</summary>
    public void Clear()
    {
        foreach (var call in Calls) // one that was given up while it ran may be withdrawn later: not from the next batch
        {
            (call.Batch, call.Stage) = (null, CallStage.Outside);
        }
        Array.Clear(_calls);
        (Count, WriterCount, IsTaken, FailedOn, _fault) = (0, 0, false, null, null);
    }
}
