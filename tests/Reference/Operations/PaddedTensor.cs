using ILGpuMobileNet.Kernels.Simd;

namespace ILGpuMobileNet.Reference.Operations;

/// <summary>Native memory in the kernels' layout; the padding of the channels holds ones, so that a use of it shows.</summary>
internal sealed unsafe class PaddedTensor : IDisposable
{
    private readonly AlignedBuffer _buffer;
    private readonly int _channels;
    private readonly int _stride;

    public PaddedTensor(ReadOnlySpan<float> values, int channels, int stride)
    {
        (_channels, _stride) = (channels, stride);
        _buffer = new(values.Length / channels * (long)stride);
        _buffer.Span.Fill(1);
        for (var pixel = 0; pixel < values.Length / channels; pixel++)
        {
            values.Slice(pixel * channels, channels).CopyTo(_buffer.Span[(pixel * stride)..]);
        }
    }

    public float* Pointer => _buffer.Pointer;

    public float[] Values()
    {
        var values = new float[_buffer.Length / _stride * _channels];
        for (var pixel = 0; pixel < values.Length / _channels; pixel++)
        {
            _buffer.Span.Slice(pixel * _stride, _channels).CopyTo(values.AsSpan(pixel * _channels));
        }
        return values;
    }

    public bool HasFinitePadding()
    {
        for (var pixel = 0; pixel < _buffer.Length / _stride; pixel++)
        {
            var padding = _buffer.Span.Slice(pixel * _stride + _channels, _stride - _channels);
            if (padding.ContainsAnyExceptInRange(float.MinValue, float.MaxValue))
            {
                return false;
            }
        }
        return true;
    }

    public void Dispose() => _buffer.Dispose();
}
