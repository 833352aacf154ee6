namespace ILGpuMobileNet.Network.Execution;

/// <summary>Where a run writes: the caller's buffer for the first output, or one for each.</summary>
internal readonly ref struct OutputBuffers
{
    private readonly Span<float> _first;
    private readonly ReadOnlySpan<Memory<float>> _all;

    /// <summary>The first output alone.</summary>
    /// <param name="first">Receives it.</param>
    public OutputBuffers(Span<float> first)
    {
        _first = first;
        IsFirstOnly = true;
    }

    /// <summary>All outputs.</summary>
    /// <param name="all">Receive them.</param>
    public OutputBuffers(ReadOnlySpan<Memory<float>> all) => _all = all;

    /// <summary>Whether outputs after the first are not wanted.</summary>
    public bool IsFirstOnly { get; }

    /// <summary>Buffers.</summary>
    public int Count => IsFirstOnly ? 1 : _all.Length;

    /// <summary>The buffer of an output.</summary>
    /// <param name="index">The output.</param>
    public Span<float> this[int index] => IsFirstOnly ? _first : _all[index].Span;

    /// <summary>What the caller knows the buffer of an output by.</summary>
    public string Name => IsFirstOnly ? "output" : "outputs";
}
