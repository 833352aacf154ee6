namespace ILGpuMobileNet.Kernels.Simd;

/// <summary>
/// <c>act(conv(x, w) + b) + residual</c> where each group of output channels reads a group of input channels of its own:
/// a matrix product for each group, over taps that are gathered first. An item is one output row.
/// </summary>
internal sealed unsafe class GroupedConv : RowOperation
{
    private const int BlockPixels = 48;

    private readonly Gemm[] _gemms; // one for each group
    private readonly TapGather _gather;
    private readonly int _perGroup; // outputs

    /// <summary>Packs the weights.</summary>
    /// <param name="width">Vector width.</param>
    /// <param name="convolution">Shapes and window; the input is in padded layout.</param>
    /// <param name="groups">Groups, which divide input and output channels.</param>
    /// <param name="weights">Weights <c>[O, kH, kW, I/groups]</c> and bias <c>[O]</c>.</param>
    /// <param name="activation">Applied before the residual is added.</param>
    public GroupedConv(
        SimdWidth width,
        ConvolutionCase convolution,
        int groups,
        DenseWeights weights,
        Activation activation
    )
        : base(convolution, Simd.PaddedChannels(convolution.Output.Channels, width))
    {
        _perGroup = convolution.Output.Channels / groups;
        _gather = new(convolution, convolution.Input.Channels / groups);
        _gemms = [.. Enumerable.Range(0, groups).Select(i => Gemm.Create(width, Of(weights, i), activation))];
        foreach (var gemm in _gemms)
        {
            Own(gemm);
        }
    }

    /// <inheritdoc/>
    public override long WeightBytes => _gemms.Sum(gemm => gemm.WeightBytes);

    /// <inheritdoc/>
    public override long ScratchLength => (long)BlockPixels * (_gather.Length + _gemms[0].PaddedOutputs);

    /// <inheritdoc/>
    public override void Run(in RowOperands rows, int first, int end, float* scratch)
    {
        for (var y = first; y < end; y++)
        {
            var line = new OutputLine(rows.Input, Rows[y], rows.TileAt(y, OutputStride));
            for (var x = 0; x < Case.Output.Width; x += BlockPixels)
            {
                RunBlock(line, x, Math.Min(BlockPixels, Case.Output.Width - x), scratch);
            }
        }
    }

    private DenseWeights Of(DenseWeights weights, int group)
    {
        var first = group * _perGroup;
        return new(
            weights.Weights.Slice(first * weights.InputCount, _perGroup * weights.InputCount),
            weights.Bias.Slice(first, _perGroup)
        );
    }

    private void RunBlock(in OutputLine line, int first, int count, float* scratch)
    {
        var output = line.Output.Down(first);
        var products = scratch + (nint)BlockPixels * _gather.Length;
        for (var group = 0; group < _gemms.Length; group++)
        {
            var firstChannel = group * (Case.Input.Channels / _gemms.Length);
            for (var pixel = 0; pixel < count; pixel++)
            {
                _gather.Pixel(line, Columns[first + pixel], scratch + (nint)pixel * _gather.Length, firstChannel);
            }
            _gemms[group].Run(new(scratch, _gather.Length, count) { Y = products });
            Place(products, output, group, count);
        }
        for (nint pixel = 0; pixel < count; pixel++)
        {
            new Span<float>(output.Y + pixel * OutputStride, OutputStride)[Case.Output.Channels..].Clear();
        }
    }

    /// <summary>Brings a group's outputs to their channels and adds the residual.</summary>
    private void Place(float* products, in TileOutput output, int group, int count)
    {
        for (nint pixel = 0; pixel < count; pixel++)
        {
            var at = pixel * OutputStride + group * _perGroup;
            for (nint o = 0; o < _perGroup; o++)
            {
                var residual = output.Residual == null ? 0 : output.Residual[at + o];
                output.Y[at + o] = products[pixel * _gemms[0].PaddedOutputs + o] + residual;
            }
        }
    }
}
