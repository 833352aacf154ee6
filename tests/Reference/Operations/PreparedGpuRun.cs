using ILGPU;
using ILGPU.Runtime;
using ILGpuMobileNet.Kernels.Gpu;

namespace ILGpuMobileNet.Reference.Operations;

/// <summary>A GPU operation bound to memory of an accelerator, with everything that it reads already there.</summary>
internal sealed class PreparedGpuRun : IPreparedRun
{
    private readonly Stack<IDisposable> _owned = [];
    private readonly GpuRun _run;
    private readonly GpuOperation _operation;
    private readonly AcceleratorStream _stream;
    private readonly MemoryBuffer1D<Float4, Stride1D.Dense> _sums;
    private readonly MemoryBuffer1D<Float4, Stride1D.Dense> _output;
    private readonly GpuOperands _operands;

    public PreparedGpuRun(GpuRun run, GpuOperation operation)
    {
        (_run, _operation) = (run, operation);
        var (input, output) = (run.InputShape.Channels, run.OutputShape.Channels);
        _stream = Own(run.Accelerator.CreateStream());
        _output = Allocate(run.Batch * run.OutputShape.PixelCount * Float4.CountFor(output));
        _sums = run.SumsRead is null ? Allocate(run.SumsLength) : Upload(QuadLayout.Pad(run.SumsRead, input));
        _operands = new(run.Batch)
        {
            Images = Own(run.Accelerator.Allocate1D(run.Input)).View,
            Input = Upload(QuadLayout.Pad(run.Input, input)).View,
            Output = _output.View,
            Gate = Upload(QuadLayout.Pad(run.Gate ?? [0], input)).View,
            Residual = Upload(QuadLayout.Pad(run.Residual ?? [0], output)).View,
            Sums = _sums.View,
            Scratch = Allocate(operation.ScratchLength(run.Batch)).View,
        };
        operation.Load(run.Accelerator, Upload(Pack(operation)).View);
    }

    public void Execute()
    {
        _operation.Launch(_stream, _operands);
        _stream.Synchronize();
    }

    /// <inheritdoc/>
    public float[] Output() => QuadLayout.Strip(_output.GetAsArray1D(), _run.OutputShape.Channels);

    /// <summary>What the operation wrote as sums.</summary>
    public Float4[] Sums() => _run.SumsLength == 0 ? [] : _sums.GetAsArray1D();

    public void Dispose()
    {
        while (_owned.TryPop(out var part))
        {
            part.Dispose();
        }
    }

    private static Float4[] Pack(GpuOperation operation)
    {
        var weights = new Float4[Math.Max(1, operation.WeightLength)];
        operation.PackWeights(weights.AsSpan(0, operation.WeightLength));
        return weights;
    }

    private MemoryBuffer1D<Float4, Stride1D.Dense> Upload(Float4[] values) => Own(_run.Accelerator.Allocate1D(values));

    private MemoryBuffer1D<Float4, Stride1D.Dense> Allocate(long length) =>
        Own(_run.Accelerator.Allocate1D<Float4>(Math.Max(1, length)));

    private T Own<T>(T part)
        where T : IDisposable
    {
        _owned.Push(part);
        return part;
    }
}
