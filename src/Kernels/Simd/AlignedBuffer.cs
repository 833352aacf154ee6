using System.Runtime.InteropServices;

namespace ILGpuMobileNet.Kernels.Simd;

/// <summary>Zeroed native memory, aligned to a cache line.</summary>
internal sealed unsafe class AlignedBuffer : IDisposable
{
    private const int Alignment = 64;
    private float* _pointer;

    /// <summary>Takes the memory.</summary>
    /// <param name="length">Floats, at least 0.</param>
    public AlignedBuffer(long length)
    {
        Length = length;
        var bytes = checked((nuint)length * sizeof(float));
        _pointer = (float*)NativeMemory.AlignedAlloc(Math.Max(bytes, Alignment), Alignment);
        NativeMemory.Clear(_pointer, bytes);
        GC.AddMemoryPressure(Math.Max(SizeInBytes, 1));
    }

    ~AlignedBuffer() => Release();

    /// <summary>Floats.</summary>
    public long Length { get; }

    /// <summary>Bytes.</summary>
    public long SizeInBytes => Length * sizeof(float);

    /// <summary>The first float.</summary>
    /// <exception cref="ObjectDisposedException">The memory was given back.</exception>
    public float* Pointer
    {
        get
        {
            ObjectDisposedException.ThrowIf(_pointer == null, this);
            return _pointer;
        }
    }

    /// <summary>The memory as a span.</summary>
    public Span<float> Span => new(Pointer, checked((int)Length));

    /// <inheritdoc/>
    public void Dispose()
    {
        Release();
        GC.SuppressFinalize(this);
    }

    private void Release()
    {
        if (_pointer != null)
        {
            NativeMemory.AlignedFree(_pointer);
            _pointer = null;
            GC.RemoveMemoryPressure(Math.Max(SizeInBytes, 1));
        }
    }
}
