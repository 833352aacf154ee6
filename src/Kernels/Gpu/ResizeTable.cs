using ILGPU;
using ILGPU.Runtime;

namespace ILGpuMobileNet.Kernels.Gpu;

/// <summary>
/// The weights of one direction of a resize on a device: for the outputs that come from the source their first source
/// pixels, behind those how many there are, and behind those the weights <c>[tap, output]</c>, so that neighbouring
/// threads read neighbouring ones.
/// </summary>
internal sealed class ResizeTable : IDisposable
{
    private readonly ResizeNormalizeWeights _weights;
    private readonly int[] _packed;
    private readonly MemoryBuffer1D<int, Stride1D.Dense> _buffer;
    private ResizeAxis _axis;

    /// <summary>Takes the memory of any axis up to a size.</summary>
    /// <param name="accelerator">The device.</param>
    /// <param name="filter">The filter.</param>
    /// <param name="source">Source pixels at most.</param>
    /// <param name="output">Output pixels at most.</param>
    public ResizeTable(Accelerator accelerator, ResizeFilter filter, int source, int output)
    {
        _weights = new(filter);
        _packed = new int[MaximalLength(source, output)];
        _buffer = accelerator.Allocate1D<int>(_packed.Length);
    }

    /// <summary>The table.</summary>
    public ArrayView<int> View => _buffer.View;

    /// <summary>First source pixel that the outputs need.</summary>
    public int FirstSource => _weights.FirstSource;

    /// <summary>Source pixels that the outputs need.</summary>
    public int SourceCount => _weights.SourceCount;

    /// <summary>Bytes on the device.</summary>
    public static long BytesFor(int source, int output) => sizeof(int) * (long)MaximalLength(source, output);

    /// <summary>Computes the weights of an axis and waits until the device has them; does nothing if it has them.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="axis">The axis.</param>
    public void Prepare(AcceleratorStream stream, ResizeAxis axis)
    {
        if (axis == _axis)
        {
            return;
        }
        _axis = default; // what is there is no longer known should something fail
        _weights.Prepare(axis);
        var length = Pack(axis.FilledLength);
        _buffer.View.SubView(0, length).CopyFromCPU(stream, new ReadOnlySpan<int>(_packed, 0, length));
        _axis = axis;
    }

    /// <inheritdoc/>
    public void Dispose() => _buffer.Dispose();

    // A filter reaches two pixels of the smaller side to each direction, and rounding adds up to three taps.
    private static int MaximalLength(int source, int output) => checked(4 * (source + output) + (3 + 2) * output);

    private int Pack(int outputs)
    {
        _weights.Starts.CopyTo(_packed);
        _weights.Counts.CopyTo(_packed.AsSpan(outputs));
        var target = _packed.AsSpan(2 * outputs);
        for (var output = 0; output < outputs; output++)
        {
            for (var tap = 0; tap < _weights.Counts[output]; tap++)
            {
                target[tap * outputs + output] = _weights.Weights[output * _weights.TapCount + tap];
            }
        }
        return (2 + _weights.TapCount) * outputs;
    }
}
