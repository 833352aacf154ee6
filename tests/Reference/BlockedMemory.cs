using System.Buffers;

namespace ILGpuMobileNet.Reference;

/// <summary>Memory that whoever reads it waits for, until it is released: a call that reads it is under way till then.</summary>
/// <param name="values">What is in it.</param>
public sealed class BlockedMemory<T>(T[] values) : MemoryManager<T>
{
    private readonly ManualResetEventSlim _reading = new();
    private readonly ManualResetEventSlim _released = new();

    /// <summary>The memory; unlike the base class's property it does not wait.</summary>
    public ReadOnlyMemory<T> Values => CreateMemory(values.Length);

    /// <summary>Whether somebody waits for it, or has it.</summary>
    public bool IsRead => _reading.IsSet;

    /// <summary>Lets readers go on.</summary>
    public void Release() => _released.Set();

    /// <inheritdoc/>
    public override Span<T> GetSpan()
    {
        _reading.Set();
        _released.Wait();
        return values;
    }

    /// <inheritdoc/>
    public override MemoryHandle Pin(int elementIndex = 0) => throw new NotSupportedException("It is read as a span.");

    /// <inheritdoc/>
    public override void Unpin() { }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _released.Set();
    }
}
