namespace ILGpuMobileNet.Kernels.Simd;

/// <summary>
/// <c>act(conv(x, w) + b) + residual</c> with any kernel, stride, dilation and padding. The matrix product reads the
/// taps of a pixel where they lie when each kernel row is one piece of memory; at the borders, and where it is not,
/// they are gathered into rows <c>[kH, kW, C]</c> first. An item is one output row.
/// </summary>
internal sealed unsafe class StandardConv : RowOperation
{
    private const int BlockPixels = 48;

    private readonly Gemm _gemm;
    private readonly TapGather _gather;
    private readonly (int First, int End) _direct; // columns whose taps are read where they lie

    /// <summary>Packs the weights.</summary>
    /// <param name="width">Vector width.</param>
    /// <param name="convolution">Shapes and window.</param>
    /// <param name="weights">Weights <c>[O, kH, kW, I]</c> and bias <c>[O]</c>.</param>
    /// <param name="activation">Applied before the residual is added.</param>
    public StandardConv(SimdWidth width, ConvolutionCase convolution, DenseWeights weights, Activation activation)
        : base(convolution, Simd.PaddedChannels(convolution.Output.Channels, width))
    {
        _gemm = Own(Gemm.Create(width, weights, activation));
        _gather = new(convolution, convolution.Input.Channels);
        var isOnePiece =
            convolution.InputStride == convolution.Input.Channels && convolution.Window.Dilation.Width == 1;
        _direct = isOnePiece ? TapRange.Whole(Columns, convolution.Window.Kernel.Width) : default;
    }

    /// <inheritdoc/>
    public override long WeightBytes => _gemm.WeightBytes;

    /// <inheritdoc/>
    public override long ScratchLength => (long)BlockPixels * _gemm.InputCount;

    /// <inheritdoc/>
    public override void Run(in RowOperands rows, int first, int end, float* scratch)
    {
        for (var y = first; y < end; y++)
        {
            var line = new OutputLine(rows.Input, Rows[y], rows.TileAt(y, OutputStride));
            var (left, right) = IsOnePiece(line) ? _direct : default;
            RunGathered(line, (0, left), scratch);
            RunDirect(line, (left, right));
            RunGathered(line, (right, Case.Output.Width), scratch);
        }
    }

    private bool IsOnePiece(in OutputLine line)
    {
        var (rows, kernel) = (line.Rows, Case.Window.Kernel.Height);
        return rows.Count == kernel
            && line.Input.ContiguousFrom(rows.Origin) > (kernel - 1) * Case.Window.Dilation.Height;
    }

    private void RunDirect(in OutputLine line, (int First, int End) columns)
    {
        if (columns.First == columns.End)
        {
            return;
        }
        var x = line.Input.At(line.Rows.Origin) + (nint)Columns[columns.First].Origin * Case.InputStride;
        var output = line.Output.Down(columns.First);
        _gemm.Run(
            new(x, Case.Window.Stride.Width * Case.InputStride, columns.End - columns.First)
            {
                SegmentCount = Case.Window.Kernel.Height,
                SegmentStride = InputRowLength * Case.Window.Dilation.Height,
                Y = output.Y,
                Residual = output.Residual,
            }
        );
    }

    private void RunGathered(in OutputLine line, (int First, int End) columns, float* scratch)
    {
        for (var first = columns.First; first < columns.End; first += BlockPixels)
        {
            var count = Math.Min(BlockPixels, columns.End - first);
            for (var pixel = 0; pixel < count; pixel++)
            {
                _gather.Pixel(line, Columns[first + pixel], scratch + (nint)pixel * _gemm.InputCount);
            }
            var output = line.Output.Down(first);
            _gemm.Run(new(scratch, _gemm.InputCount, count) { Y = output.Y, Residual = output.Residual });
        }
    }
}
