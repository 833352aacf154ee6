using ILGPU;
using ILGPU.Runtime;
using Kernel = System.Action<
    ILGPU.Runtime.AcceleratorStream,
    ILGPU.KernelConfig,
    ILGpuMobileNet.Kernels.Gpu.MatrixViews,
    ILGpuMobileNet.Kernels.Gpu.PointwiseShape
>;
using Method = System.Action<ILGpuMobileNet.Kernels.Gpu.MatrixViews, ILGpuMobileNet.Kernels.Gpu.PointwiseShape>;

namespace ILGpuMobileNet.Kernels.Gpu;

/// <summary><c>act((x · gate) W + b) + residual</c> over all pixels; gate and residual are optional.</summary>
internal sealed class PointwiseConv : GpuOperation
{
    private readonly int _pixels;
    private readonly DenseWeights _weights;
    private readonly Activation _activation;
    private readonly PointwiseOptions _options;
    private readonly PackedMatrix _matrix;
    private readonly Method _method;
    private ArrayView<Float4> _packed;
    private Kernel? _kernel;

    /// <summary>Takes shapes and weights.</summary>
    /// <param name="pixels">Pixels of an image, <c>H·W</c>.</param>
    /// <param name="weights">Weights <c>[O, I]</c> and bias <c>[O]</c>.</param>
    /// <param name="activation">Applied before the residual is added.</param>
    /// <param name="options">Tile, gate and residual.</param>
    public PointwiseConv(int pixels, DenseWeights weights, Activation activation, PointwiseOptions options)
    {
        (_pixels, _weights, _activation, _options) = (pixels, weights, activation, options);
        _matrix = new(weights.InputCount, weights.OutputCount);
        _method = Activations.Specialise(activation.Kind, new MethodFactory(options));
    }

    /// <inheritdoc/>
    public override IEnumerable<Delegate> Kernels => [_method];

    /// <inheritdoc/>
    public override int WeightLength => _matrix.Length;

    /// <inheritdoc/>
    public override LaunchVariants VariantsFor(int maximalBatch, DeviceLimits limits)
    {
        var problem = new PointwiseProblem((long)maximalBatch * _pixels, _weights.InputCount, _weights.OutputCount);
        return new(
            problem.Launch,
            _options.Tile.ToString(),
            [.. LaunchRule.Tiles.Select(tile => new LaunchVariant(tile.ToString(), new FixedLaunches(tile)))]
        );
    }

    /// <inheritdoc/>
    public override void PackWeights(Span<Float4> target) => _matrix.Pack(_weights, target);

    /// <inheritdoc/>
    public override void Load(Accelerator accelerator, ArrayView<Float4> weights)
    {
        _packed = weights;
        _kernel = accelerator.LoadKernel(_method);
    }

    /// <inheritdoc/>
    public override void Launch(AcceleratorStream stream, in GpuOperands operands)
    {
        var rows = checked(operands.Batch * _pixels);
        var shape = new PointwiseShape(rows, _pixels, _matrix.Inputs, _matrix.Outputs, _activation.Slope);
        var views = new MatrixViews(operands.Input, _packed, operands.Gate, operands.Residual, operands.Output);
        var groups = LaunchRule.GroupCount(_options.Tile, rows, _weights.OutputCount);
        _kernel!(stream, (checked((int)groups), TileSize.Of(_options.Tile).ThreadCount), views, shape);
    }

    private sealed class MethodFactory(PointwiseOptions options) : IActivationFactory<Method>
    {
        public Method Create<TActivation>()
            where TActivation : struct, IActivation =>
            options.Tile switch
            {
                PointwiseTile.Rows64Channels64 => Of<Tile64x64, EightRows, TActivation>(),
                PointwiseTile.Rows128Channels32 => Of<Tile128x32, EightRows, TActivation>(),
                PointwiseTile.Rows32Channels64 => Of<Tile32x64, FourRows, TActivation>(),
                _ => Of<Tile16x32, TwoRows, TActivation>(),
            };

        private Method Of<TTile, TRows, TActivation>()
            where TTile : struct, IPointwiseTile<TRows>
            where TRows : struct, IRowSums<TRows>
            where TActivation : struct, IActivation =>
            (options.HasGate, options.HasResidual) switch
            {
                (false, false) => Of<TTile, TRows, TActivation, NoGate, NoResidual>(),
                (false, true) => Of<TTile, TRows, TActivation, NoGate, WithResidual>(),
                (true, false) => Of<TTile, TRows, TActivation, WithGate, NoResidual>(),
                (true, true) => Of<TTile, TRows, TActivation, WithGate, WithResidual>(),
            };

        private static Method Of<TTile, TRows, TActivation, TGate, TResidual>()
            where TTile : struct, IPointwiseTile<TRows>
            where TRows : struct, IRowSums<TRows>
            where TActivation : struct, IActivation
            where TGate : struct, IGate
            where TResidual : struct, IResidual =>
            PointwiseConvKernel.TileKernel<TTile, TRows, TActivation, TGate, TResidual>;
    }
}
