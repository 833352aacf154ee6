namespace ILGpuMobileNet.Kernels.Simd;

/// <summary>
/// <c>act((x · gate) W + b) + residual</c> over all pixels; gate and residual are optional. Also the fully connected
/// layer, which is the case of one pixel.
/// </summary>
internal sealed unsafe class PointwiseConv : RowOperation
{
    private const int SmallestBlock = 48; // rows; fewer would read the weights too often
    private const int SmallestSharedBlock = 24; // where threads that shared the panels would wait for each other
    private const int CachedBytes = 40 << 10; // of rows read and written, while few weights pass by
    private const int MostCachedBytes = 1 << 20; // while many do
    private const int ManyWeightBytes = 256 << 10;

    private readonly Gemm _gemm;
    private readonly Elementwise? _gating; // of a block's input, before the product
    private readonly bool _areWeightsMany;
    private readonly int _largestBlock;

    /// <summary>Packs the weights.</summary>
    /// <param name="width">Vector width.</param>
    /// <param name="convolution">Shapes, with a window of one tap.</param>
    /// <param name="weights">Weights <c>[O, I]</c> and bias <c>[O]</c>.</param>
    /// <param name="activation">Applied before the residual is added.</param>
    /// <param name="hasGate">Whether runs have a gate.</param>
    public PointwiseConv(
        SimdWidth width,
        ConvolutionCase convolution,
        DenseWeights weights,
        Activation activation,
        bool hasGate = false
    )
        : base(convolution, Simd.PaddedChannels(convolution.Output.Channels, width))
    {
        _gemm = Own(Gemm.Create(width, weights, activation));
        _gating = hasGate ? Elementwise.Create(width, convolution.Input, Activation.Identity) : null;
        _areWeightsMany = _gemm.WeightBytes > ManyWeightBytes;
        var bytes = _areWeightsMany ? MostCachedBytes : CachedBytes;
        _largestBlock = Math.Max(SmallestBlock, bytes / (sizeof(float) * (Case.InputStride + OutputStride)));
    }

    /// <inheritdoc/>
    public override long WeightBytes => _gemm.WeightBytes;

    /// <inheritdoc/>
    public override long ScratchLength =>
        _gating is null ? 0 : Math.Min(_largestBlock, Case.Input.PixelCount) * Case.InputStride;

    /// <inheritdoc/>
    public override int ItemCount(in Operands operands) => Cut.Of(this, operands).ItemCount;

    /// <inheritdoc/>
    public override void Run(in Operands operands, int item, float* scratch)
    {
        var cut = Cut.Of(this, operands);
        var (block, share) = Math.DivRem(item, cut.Shares);
        var (image, part) = Math.DivRem(block, cut.Blocks);
        var first = image * cut.Rows + Part(cut.Rows, cut.Blocks, part);
        var count = image * cut.Rows + Part(cut.Rows, cut.Blocks, part + 1) - first;
        var at = (nint)first * OutputStride;
        var x = operands.Input + (nint)first * Case.InputStride;
        var rows = new GemmRows(Gated(x, GateOf(operands, image), count, scratch), Case.InputStride, count)
        {
            Y = operands.Output + at,
            Residual = operands.Residual == null ? null : operands.Residual + at,
        };
        _gemm.Run(rows, Part(_gemm.PanelCount, cut.Shares, share), Part(_gemm.PanelCount, cut.Shares, share + 1));
    }

    /// <inheritdoc/>
    public override void Run(in RowOperands rows, int first, int end, float* scratch)
    {
        while (first < end)
        {
            var together = Math.Min(rows.Input.ContiguousFrom(first), rows.Output.ContiguousFrom(first));
            var count = Math.Min(end - first, together);
            RunBlocks(rows, first, count, scratch);
            first += count;
        }
    }

    private void RunBlocks(in RowOperands rows, int first, int count, float* scratch)
    {
        var x = rows.Input.At(first);
        var output = rows.TileAt(first, OutputStride);
        var pixels = count * Case.Output.Width;
        var blocks = Ratio(pixels, _largestBlock);
        for (var block = 0; block < blocks; block++)
        {
            var start = Part(pixels, blocks, block);
            var length = Part(pixels, blocks, block + 1) - start;
            var tile = output.Down(start);
            var input = Gated(x + (nint)start * Case.InputStride, rows.Gate, length, scratch);
            _gemm.Run(new(input, Case.InputStride, length) { Y = tile.Y, Residual = tile.Residual });
        }
    }

    /// <summary>Pixels as they are where there is no gate, otherwise the products, in working memory.</summary>
    private float* Gated(float* x, float* gate, int pixels, float* scratch)
    {
        if (gate == null)
        {
            return x;
        }
        _gating!.Run(x, gate, new(scratch, Case.InputStride, null), pixels);
        return scratch;
    }

    /// <summary>Whether threads that share the panels get about as many each.</summary>
    private bool SuitShares(int threads) => 10 * Ratio(_gemm.PanelCount, threads) * threads <= 11 * _gemm.PanelCount;

    /// <summary>How the work is cut: into images, or one run of all rows; those into blocks; and the panels into shares.</summary>
    /// <param name="Runs">Images where they have gates of their own, otherwise 1.</param>
    /// <param name="Rows">Rows of one.</param>
    /// <param name="Blocks">Blocks of these.</param>
    /// <param name="Shares">Shares of the panels.</param>
    private readonly record struct Cut(int Runs, int Rows, int Blocks, int Shares)
    {
        public int ItemCount => Runs * Blocks * Shares;

        public static Cut Of(PointwiseConv operation, in Operands operands)
        {
            var runs = operands.Gate == null ? 1 : operands.Batch;
            var rows = operands.Batch / runs * (int)operation.Case.Input.PixelCount;
            var blocks = Ratio(rows, operation._largestBlock);
            var wanted = operation._areWeightsMany ? operands.Items(1) : operands.WantedItems;
            var suitsShares = operands.Gate == null && operation.SuitShares(operands.Threads);
            blocks = Math.Max(
                blocks,
                Math.Min(Ratio(wanted, runs), rows / (suitsShares ? SmallestBlock : SmallestSharedBlock))
            );
            // Every share multiplies its rows by the gate again.
            var mostShares = operands.Gate == null || runs * blocks < operands.Threads ? operation._gemm.PanelCount : 1;
            var shares = Math.Clamp(Ratio(operands.WantedItems, runs * blocks), 1, mostShares);
            return new(runs, rows, blocks, shares);
        }
    }
}
