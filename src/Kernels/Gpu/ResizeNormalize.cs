using ILGPU;
using ILGPU.Runtime;
using ColumnsKernel = System.Action<
    ILGPU.Runtime.AcceleratorStream,
    ILGPU.KernelConfig,
    ILGPU.ArrayView<short>,
    ILGPU.ArrayView<int>,
    ILGPU.ArrayView<float>,
    ILGPU.ArrayView<float>,
    ILGpuMobileNet.Kernels.Gpu.ResizeColumns
>;
using RowsKernel = System.Action<
    ILGPU.Runtime.AcceleratorStream,
    ILGPU.KernelConfig,
    ILGPU.ArrayView<byte>,
    ILGPU.ArrayView<int>,
    ILGPU.ArrayView<short>,
    ILGpuMobileNet.Kernels.Gpu.ResizeRows
>;

namespace ILGpuMobileNet.Kernels.Gpu;

/// <summary>The sizes for which a <see cref="ResizeNormalize"/> takes memory.</summary>
/// <param name="Source">Rows and columns of a source at most.</param>
/// <param name="Output">Rows and columns of an output at most.</param>
public readonly record struct ResizeLimits(Extent Source, Extent Output);

/// <summary>
/// Resizes bytes <c>[H, W, 3]</c> on a device, takes a window, and writes floats <c>[outH, outW, 3]</c>: the same bits
/// as <see cref="Simd.ResizeNormalize"/>. For one stream at a time.
/// </summary>
public sealed class ResizeNormalize : IDisposable
{
    private const int ChannelCount = 3;
    private const int LevelCount = 256;

    private readonly ResizeLimits _limits;
    private readonly DeviceLimits _device;
    private readonly ResizeRounding _between;
    private readonly ResizeRounding _last;
    private readonly int _redAt;
    private readonly RowsKernel _rowsKernel;
    private readonly ColumnsKernel _columnsKernel;
    private readonly DisposableStack _owned = new();
    private readonly ResizeTable _rows;
    private readonly ResizeTable _columns;
    private readonly ArrayView<short> _narrowed; // [source rows, outW, 3]
    private readonly ArrayView<float> _levels; // [3, 256]
    private bool _isDisposed;

    /// <summary>Compiles the kernels and takes the memory.</summary>
    /// <param name="accelerator">The device.</param>
    /// <param name="filter">The filter.</param>
    /// <param name="normalization">What follows the resize.</param>
    /// <param name="limits">The largest sizes.</param>
    /// <exception cref="OverflowException">They are larger than 32 bits count.</exception>
    public ResizeNormalize(
        Accelerator accelerator,
        ResizeFilter filter,
        PixelNormalization normalization,
        ResizeLimits limits
    )
    {
        ArgumentNullException.ThrowIfNull(accelerator);
        _ = checked(limits.Source.Height * limits.Source.Width * ChannelCount); // the kernels count with 32 bits
        _ = checked(limits.Output.Height * limits.Output.Width * ChannelCount);
        (_limits, _device) = (limits, DeviceLimits.Of(accelerator.Device));
        var (weightBits, valueBits) = ResizeFixedPoint.Of(filter);
        _between = filter.Antialias
            ? new(weightBits - valueBits, 0, LevelCount - 1)
            : new(weightBits - valueBits, short.MinValue, short.MaxValue);
        _last = new(weightBits + valueBits, 0, LevelCount - 1);
        _redAt = normalization.Order == ChannelOrder.Rgb ? 0 : ChannelCount - 1;
        _rowsKernel = accelerator.LoadKernel<ArrayView<byte>, ArrayView<int>, ArrayView<short>, ResizeRows>(
            ResizeNormalizeKernels.RowsKernel
        );
        _columnsKernel = accelerator.LoadKernel<
            ArrayView<short>,
            ArrayView<int>,
            ArrayView<float>,
            ArrayView<float>,
            ResizeColumns
        >(ResizeNormalizeKernels.ColumnsKernel);
        try
        {
            _rows = _owned.Push(new ResizeTable(accelerator, filter, limits.Source.Height, limits.Output.Height));
            _columns = _owned.Push(new ResizeTable(accelerator, filter, limits.Source.Width, limits.Output.Width));
            _narrowed = _owned.Push(accelerator.Allocate1D<short>(NarrowedLength(limits))).View;
            _levels = _owned.Push(accelerator.Allocate1D(Levels(normalization))).View;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>See <see cref="GpuOperation.Kernels"/>.</summary>
    internal static IEnumerable<Delegate> Kernels =>
        [ResizeNormalizeKernels.RowsKernel, ResizeNormalizeKernels.ColumnsKernel];

    /// <summary>Bytes that it takes on a device.</summary>
    /// <param name="limits">The largest sizes.</param>
    public static long BytesFor(ResizeLimits limits) =>
        ResizeTable.BytesFor(limits.Source.Height, limits.Output.Height)
        + ResizeTable.BytesFor(limits.Source.Width, limits.Output.Width)
        + sizeof(short) * NarrowedLength(limits)
        + sizeof(float) * LevelCount * ChannelCount;

    /// <summary>Processes one image. Waits for the stream if the geometry is another than the last one's.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="source">Bytes <c>[H, W, 3]</c>, RGB; may be longer.</param>
    /// <param name="geometry">Sizes; the sources are <c>H</c> and <c>W</c>.</param>
    /// <param name="destination">
    /// Receives <c>[outH, outW, 3]</c>; may be longer. What the resized image does not reach becomes 0.
    /// </param>
    /// <exception cref="ArgumentException">A view is too short, or a size too large.</exception>
    /// <exception cref="ObjectDisposedException">It is disposed.</exception>
    public void Run(
        AcceleratorStream stream,
        ArrayView<byte> source,
        ResizeGeometry geometry,
        ArrayView<float> destination
    )
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        var (vertical, horizontal) = geometry;
        CheckSize(new(vertical.Source, horizontal.Source), _limits.Source, nameof(source));
        CheckSize(new(vertical.Length, horizontal.Length), _limits.Output, nameof(destination));
        LaunchShape.CheckLength(source.Length, vertical.Source * horizontal.Source * ChannelCount, nameof(source));
        LaunchShape.CheckLength(
            destination.Length,
            vertical.Length * horizontal.Length * ChannelCount,
            nameof(destination)
        );
        _rows.Prepare(stream, vertical);
        _columns.Prepare(stream, horizontal);
        LaunchRows(stream, source, horizontal);
        LaunchColumns(stream, geometry, destination);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _isDisposed = true;
        _owned.Dispose();
    }

    private void LaunchRows(AcceleratorStream stream, ArrayView<byte> source, ResizeAxis axis)
    {
        var shape = new ResizeRows(_rows.FirstSource, _rows.SourceCount, axis.Source, axis.FilledLength, _between);
        var config = LaunchShape.Flat(_device, shape.Rows * shape.Columns);
        _rowsKernel(stream, config, source, _columns.View, _narrowed, shape);
    }

    private void LaunchColumns(AcceleratorStream stream, ResizeGeometry geometry, ArrayView<float> destination)
    {
        var (vertical, horizontal) = geometry;
        var filled = new Extent(vertical.FilledLength, horizontal.FilledLength);
        var output = new Extent(vertical.Length, horizontal.Length);
        var shape = new ResizeColumns(_rows.FirstSource, filled, output, _redAt, _last);
        var config = LaunchShape.Flat(_device, output.Height * output.Width);
        _columnsKernel(stream, config, _narrowed, _rows.View, _levels, destination, shape);
    }

    // What an output of each byte is, computed as on the CPU: a device might round a multiply-add otherwise.
    private static float[] Levels(PixelNormalization normalization)
    {
        var (scale, shift) = (normalization.Scale, normalization.Shift);
        return
        [
            .. Enumerable.Range(0, LevelCount).Select(level => level * scale.Red + shift.Red),
            .. Enumerable.Range(0, LevelCount).Select(level => level * scale.Green + shift.Green),
            .. Enumerable.Range(0, LevelCount).Select(level => level * scale.Blue + shift.Blue),
        ];
    }

    private static long NarrowedLength(ResizeLimits limits) =>
        checked(limits.Source.Height * limits.Output.Width * ChannelCount);

    private static void CheckSize(Extent size, Extent largest, string name)
    {
        if (size.Height > largest.Height || size.Width > largest.Width)
        {
            throw new ArgumentException($"{name} is {size}, but memory was taken for at most {largest}.", name);
        }
    }
}
