namespace ILGpuMobileNet.Kernels.Simd;

/// <summary>
/// <c>act((x · gate) W + b) + residual</c> over all pixels; gate and residual are optional. Also the fully connected
/// layer, which is the case of one pixel.
/// </summary>
internal sealed unsafe class PointwiseConv : SimdOperation
{
    private const int BlockRows = 96;
    private const int MinimalItemCount = 8;

    private readonly Gemm _gemm;
    private readonly int _pixels;
    private readonly int _inputStride;
    private readonly GateRows _gateRows;

    /// <summary>Packs the weights.</summary>
    /// <param name="width">Vector width.</param>
    /// <param name="pixels">Pixels of an image, <c>H·W</c>.</param>
    /// <param name="weights">Weights <c>[O, I]</c> and bias <c>[O]</c>.</param>
    /// <param name="activation">Applied before the residual is added.</param>
    public PointwiseConv(SimdWidth width, int pixels, DenseWeights weights, Activation activation)
    {
        _gemm = Own(Gemm.Create(width, weights, activation));
        _pixels = pixels;
        _inputStride = Simd.PaddedChannels(weights.InputCount, width);
        _gateRows = GateRows.Create(width);
    }

    /// <inheritdoc/>
    public override long WeightBytes => _gemm.WeightBytes;

    /// <inheritdoc/>
    public override long ScratchLength => (long)BlockRows * _inputStride;

    /// <inheritdoc/>
    public override int ItemCount(int batch) => BlockCount(batch) * ShareCount(batch);

    /// <inheritdoc/>
    public override void Run(in Operands operands, int item, float* scratch)
    {
        var (blocks, shares) = (BlockCount(operands.Batch), ShareCount(operands.Batch));
        var rowCount = operands.Batch * _pixels;
        var first = Part(rowCount, blocks, item / shares);
        var count = Part(rowCount, blocks, item / shares + 1) - first;
        var input = operands.Input + (nint)first * _inputStride;
        if (operands.Gate != null)
        {
            Gate(operands, first, count, scratch);
            input = scratch;
        }
        var at = (nint)first * _gemm.PaddedOutputs;
        var rows = new GemmRows(input, _inputStride, count)
        {
            Y = operands.Output + at,
            Residual = operands.Residual == null ? null : operands.Residual + at,
        };
        var share = item % shares;
        _gemm.Run(rows, Part(_gemm.PanelCount, shares, share), Part(_gemm.PanelCount, shares, share + 1));
    }

    private static int Part(int total, int parts, int index) => (int)((long)total * index / parts);

    private int BlockCount(int batch) => (batch * _pixels + BlockRows - 1) / BlockRows;

    // Few rows do not give every thread a block, so the columns are shared out too.
    private int ShareCount(int batch) =>
        Math.Clamp(MinimalItemCount / BlockCount(batch), 1, Math.Min(MinimalItemCount, _gemm.PanelCount));

    private void Gate(in Operands operands, int first, int count, float* scratch)
    {
        for (var row = 0; row < count; row++)
        {
            var image = (first + row) / _pixels;
            _gateRows.Multiply(
                operands.Input + (nint)(first + row) * _inputStride,
                operands.Gate + (nint)image * _inputStride,
                scratch + (nint)row * _inputStride,
                _inputStride
            );
        }
    }
}

/// <summary>A pixel times a gate, element by element.</summary>
internal abstract unsafe class GateRows
{
    /// <summary>The version for a vector width.</summary>
    public static GateRows Create(SimdWidth width) => Simd.Specialise<GateRows, Factory>(width, default);

    public abstract void Multiply(float* pixel, float* gate, float* product, int length);

    private readonly struct Factory : IWidthFactory<GateRows>
    {
        public GateRows Create<TVector, TLanes>()
            where TVector : struct
            where TLanes : struct, ILanes<TVector> => new GateRows<TVector, TLanes>();
    }
}

/// <inheritdoc/>
internal sealed unsafe class GateRows<TVector, TLanes> : GateRows
    where TVector : struct
    where TLanes : struct, ILanes<TVector>
{
    /// <inheritdoc/>
    public override void Multiply(float* pixel, float* gate, float* product, int length)
    {
        for (nint c = 0; c < length; c += TLanes.Count)
        {
            TLanes.Store(TLanes.Multiply(TLanes.Load(pixel + c), TLanes.Load(gate + c)), product + c);
        }
    }
}
