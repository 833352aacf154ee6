using System.Collections.Immutable;
using System.Diagnostics;
using System.Runtime.InteropServices;
using ILGPU;
using ILGPU.Runtime;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Kernels.Gpu;

namespace ILGpuMobileNet.Network.Execution;

/// <summary>
/// A session on an ILGPU accelerator: CUDA, OpenCL, or ILGPU's CPU accelerator. A run copies the images, launches a
/// fixed list of kernels and copies the result, all on one stream, and waits once.
/// </summary>
public sealed class GpuSession : IStagedSession, ITimedSession
{
    private readonly GpuPlan _plan;
    private readonly SessionTurn _turn;
    private readonly DisposableStack _owned = new();
    private readonly AcceleratorStream _stream;
    private readonly ArrayView<float> _images;
    private readonly ImmutableArray<ArrayView<Float4>> _results;
    private readonly PageLockedArray1D<float> _stagedImages;
    private readonly PageLockedArray1D<Float4> _stagedResults; // one output after the other
    private readonly ImmutableArray<BoundLaunch> _launches;
    private bool _isLost;

    private readonly record struct BoundLaunch(GpuOperation Operation, GpuOperands Operands);

    /// <summary>Fuses and packs a network, compiles its kernels and takes the memory for its largest batch.</summary>
    /// <param name="model">The network and its weights.</param>
    /// <param name="device">Where it runs; the session owns it from now on, also when this fails.</param>
    /// <param name="name">The device as it was asked for.</param>
    /// <param name="options">The batch.</param>
    /// <param name="choice">Chooses tiles and group sizes; null means by the rule.</param>
    internal GpuSession(
        Model model,
        GpuDevice device,
        string name,
        SessionOptions options,
        ILaunchChoice? choice = null
    )
        : this(model, device.Accelerator, device, name, options, choice) { }

    /// <summary>The same on an accelerator that the caller keeps.</summary>
    internal GpuSession(Model model, Accelerator accelerator, string name, SessionOptions options)
        : this(model, accelerator, null, name, options, null) { }

    private GpuSession(
        Model model,
        Accelerator accelerator,
        GpuDevice? owned,
        string name,
        SessionOptions options,
        ILaunchChoice? choice
    )
    {
        if (owned is not null)
        {
            _owned.Push(owned);
        }
        try
        {
            ArgumentNullException.ThrowIfNull(model);
            ArgumentNullException.ThrowIfNull(options);
            ArgumentOutOfRangeException.ThrowIfLessThan(options.MaximalBatch, 1, nameof(options));
            (Input, MaximalBatch, Device) = (model.Graph.Input, options.MaximalBatch, name);
            Outputs = model.Graph.Outputs;
            _turn = new(Input, Outputs, MaximalBatch);
            _plan = new(model, choice ?? new LaunchRule(DeviceLimits.Of(accelerator.Device)), MaximalBatch);
            Memory.CheckFits(
                $"{model.Graph.Name} for {Input}, batch {MaximalBatch}, on {name}",
                accelerator.MemorySize
            );
            _stream = _owned.Push(accelerator.CreateStream());
            _stagedImages = _owned.Push(accelerator.AllocatePageLocked1D<float>(_plan.ImagesLength));
            _stagedResults = _owned.Push(accelerator.AllocatePageLocked1D<Float4>(_plan.OutputLength));
            _images = _owned.Push(accelerator.Allocate1D<float>(_plan.ImagesLength)).View;
            var arena = _owned.Push(accelerator.Allocate1D<Float4>(_plan.ArenaLength)).View;
            _results = [.. _plan.Outputs.Select(place => arena.AsContiguous().SubView(place.Offset, place.Length))];
            Load(accelerator);
            _launches =
            [
                .. _plan.Steps.Select(step => new BoundLaunch(
                    step.Operation,
                    step.Operands(_images, arena, MaximalBatch)
                )),
            ];
        }
        catch (Exception fault)
        {
            _isLost = DeviceFaults.IsDeviceFault(fault); // then giving back what was taken may fail too
            Release();
            if (_isLost)
            {
                throw DeviceFaults.Describe(name, "opening a session", fault);
            }
            throw;
        }
    }

    /// <inheritdoc/>
    public string Device { get; }

    /// <inheritdoc/>
    public FeatureShape Input { get; }

    /// <inheritdoc/>
    public FeatureShape Output => Outputs[0];

    /// <inheritdoc/>
    public ImmutableArray<FeatureShape> Outputs { get; }

    /// <inheritdoc/>
    public int MaximalBatch { get; }

    /// <inheritdoc/>
    public SessionMemory Memory => _plan.Memory;

    /// <summary>Kernel launches of a run.</summary>
    public int LaunchCount => _plan.LaunchCount;

    /// <inheritdoc/>
    /// <exception cref="DeviceException">The device failed, in this run or an earlier one.</exception>
    public void Run(ReadOnlySpan<float> input, Span<float> output, int batch) =>
        RunTurn(input, new(output), batch, null);

    /// <inheritdoc/>
    /// <exception cref="DeviceException">The device failed, in this run or an earlier one.</exception>
    public void Run(ReadOnlySpan<float> input, ReadOnlySpan<Memory<float>> outputs, int batch) =>
        RunTurn(input, new(outputs), batch, null);

    Span<float> IStagedSession.Images => _stagedImages.Span;

    ImmutableArray<StepCost> ITimedSession.Steps => [.. _plan.Steps.Select(step => step.Cost)];

    int ITimedSession.Chunk => MaximalBatch;

    bool ITimedSession.WaitsAfterSteps => true;

    void ITimedSession.Run(ReadOnlySpan<float> input, Span<float> output, int batch, StepClock clock) =>
        RunTurn(input, new(output), batch, clock);

    /// <summary>Bytes that a session on any accelerator would hold.</summary>
    /// <param name="model">The network and its weights.</param>
    /// <param name="options">The batch.</param>
    internal static SessionMemory MemoryFor(Model model, SessionOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaximalBatch, 1, nameof(options));
        return GpuPlan.WithoutDevice(model, options.MaximalBatch).Memory;
    }

    private void RunTurn(ReadOnlySpan<float> input, OutputBuffers outputs, int batch, StepClock? clock)
    {
        _turn.Begin(this, input.Length, outputs, batch);
        try
        {
            RunKernels(input, outputs, batch, clock);
        }
        finally
        {
            _turn.End();
        }
    }

    /// <summary>Gives the device's memory back; waits for a run that is under way.</summary>
    public void Dispose()
    {
        if (_turn.Close())
        {
            Release();
        }
    }

    private void RunKernels(ReadOnlySpan<float> input, OutputBuffers outputs, int batch, StepClock? clock)
    {
        if (_isLost)
        {
            throw new DeviceException(
                Device,
                "failed in an earlier run. Dispose this session and open another one.",
                true,
                null
            );
        }
        try
        {
            input.CopyTo(_stagedImages.Span); // no work where they lie there already
            _images.SubView(0, input.Length).CopyFrom(_stream, _stagedImages.ArrayView.SubView(0, input.Length));
            LaunchAll(batch, clock);
            StageOutputs(outputs.Count, batch);
            _stream.Synchronize();
        }
        catch (Exception fault) when (DeviceFaults.IsDeviceFault(fault))
        {
            _isLost = true;
            throw DeviceFaults.Describe(Device, "running", fault);
        }
        CopyOutputs(outputs);
    }

    private void LaunchAll(int batch, StepClock? clock)
    {
        if (clock is not null)
        {
            _stream.Synchronize(); // the copy of the images is no step
        }
        var last = Stopwatch.GetTimestamp();
        for (var i = 0; i < _launches.Length; i++)
        {
            _launches[i].Operation.Launch(_stream, _launches[i].Operands.For(batch));
            if (clock is not null)
            {
                _stream.Synchronize();
                last = clock.Lap(i, last);
            }
        }
    }

    private void StageOutputs(int count, int batch)
    {
        var first = 0L;
        for (var i = 0; i < count; i++)
        {
            var length = _results[i].Length / MaximalBatch * batch;
            _results[i].SubView(0, length).CopyTo(_stream, _stagedResults.ArrayView.SubView(first, length));
            first += _results[i].Length;
        }
    }

    private void CopyOutputs(OutputBuffers outputs)
    {
        var staged = _stagedResults.Span;
        for (var i = 0; i < outputs.Count; i++)
        {
            var length = _results[i].IntLength;
            CopyWithoutPadding(MemoryMarshal.Cast<Float4, float>(staged[..length]), Outputs[i].Channels, outputs[i]);
            staged = staged[length..];
        }
    }

    private static void CopyWithoutPadding(ReadOnlySpan<float> pixels, int channels, Span<float> output)
    {
        var stride = 4 * Float4.CountFor(channels);
        for (; !output.IsEmpty; output = output[channels..], pixels = pixels[stride..])
        {
            pixels[..channels].CopyTo(output);
        }
    }

    private void Load(Accelerator accelerator)
    {
        var packed = new Float4[_plan.WeightLength];
        var buffer = _owned.Push(accelerator.Allocate1D<Float4>(Math.Max(1, packed.Length)));
        var first = 0;
        foreach (var operation in _plan.Steps.Select(step => step.Operation))
        {
            operation.PackWeights(packed.AsSpan(first, operation.WeightLength));
            operation.Load(accelerator, PartOf(buffer.View, first, operation.WeightLength));
            first += operation.WeightLength;
        }
        if (packed.Length > 0)
        {
            buffer.View.CopyFromCPU(_stream, packed);
            _stream.Synchronize();
        }
    }

    // A step without weights gets the whole view: an empty one must not begin at its end.
    private static ArrayView<Float4> PartOf(ArrayView<Float4> view, int first, int length) =>
        length == 0 ? view : view.SubView(first, length);

    private void Release()
    {
        try
        {
            _owned.Dispose();
        }
        catch (AcceleratorException) when (_isLost)
        {
            // A lost device frees nothing more; the driver gives its memory back with the process or the reset.
        }
    }
}
