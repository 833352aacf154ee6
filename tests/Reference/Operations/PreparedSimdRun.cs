using ILGpuMobileNet.Kernels.Simd;

namespace ILGpuMobileNet.Reference.Operations;

/// <summary>A CPU operation bound to memory; runs on the calling thread.</summary>
internal sealed unsafe class PreparedSimdRun : IPreparedRun
{
    private readonly SimdOperation _operation;
    private readonly int _batch;
    private readonly int _threads;
    private readonly PaddedTensor _input;
    private readonly PaddedTensor _output;
    private readonly PaddedTensor? _gate;
    private readonly PaddedTensor? _residual;
    private readonly PaddedTensor? _sums;
    private readonly AlignedBuffer _scratch;
    private readonly AlignedBuffer _shared;

    /// <summary>Binds an operation.</summary>
    /// <param name="run">What it reads and writes.</param>
    /// <param name="operation">The operation.</param>
    /// <param name="source">Another run whose output is read in the place of the input, or none.</param>
    public PreparedSimdRun(SimdRun run, SimdOperation operation, PreparedSimdRun? source = null)
    {
        (_operation, _batch, _threads) = (operation, run.Batch, run.Threads);
        var (input, output) = (run.InputShape.Channels, run.OutputShape.Channels);
        _input = source?._output ?? run.Tensor(run.Input, input, run.ReadsPacked ? input : null);
        _output = run.Tensor(new float[run.Batch * run.OutputShape.ElementCount], output);
        _gate = run.Gate is null ? null : run.Tensor(run.Gate, input);
        _residual = run.Residual is null ? null : run.Tensor(run.Residual, run.ResidualChannels ?? output);
        _sums = run.Sums is null ? null : run.Tensor(run.Sums, run.InputShape.Channels);
        _scratch = new(operation.ScratchLength);
        _shared = new(operation.SharedLength * run.Batch);
    }

    /// <summary>Runs the items last to first: their order must not matter.</summary>
    public void Execute()
    {
        var operands = new Operands(_batch)
        {
            Threads = _threads,
            Input = _input.Pointer,
            Output = _output.Pointer,
            Gate = _gate is null ? null : _gate.Pointer,
            Residual = _residual is null ? null : _residual.Pointer,
            Sums = _sums is null ? null : _sums.Pointer,
            Shared = _shared.Pointer,
        };
        for (var phase = 0; phase < _operation.PhaseCount; phase++)
        {
            RunPhase(operands with { Phase = phase });
        }
    }

    private void RunPhase(in Operands operands)
    {
        for (var item = _operation.ItemCount(operands) - 1; item >= 0; item--)
        {
            _operation.Run(operands, item, _scratch.Pointer);
        }
    }

    /// <inheritdoc/>
    public float[] Output() =>
        _output.HasFinitePadding() ? _output.Values() : throw new InvalidOperationException("Padding is not finite.");

    /// <summary>The row sums, where the run has them.</summary>
    public float[]? Sums() => _sums?.Values();

    public void Dispose()
    {
        _input.Dispose();
        _output.Dispose();
        _gate?.Dispose();
        _residual?.Dispose();
        _sums?.Dispose();
        _scratch.Dispose();
        _shared.Dispose();
    }
}
