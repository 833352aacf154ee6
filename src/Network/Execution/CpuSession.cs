using System.Collections.Immutable;
using System.Diagnostics;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Kernels.Simd;

namespace ILGpuMobileNet.Network.Execution;

/// <summary>A session on the CPU's vector units and cores.</summary>
public sealed class CpuSession : ISession, ITimedSession
{
    private const int MostThreads = 1024;

    private readonly CpuPlan _plan;
    private readonly WorkerTeam _team;
    private readonly CpuMemory _memory;
    private readonly ImageGroups _groups;
    private readonly SessionTurn _turn;

    /// <summary>Fuses and packs a network and takes the memory for its largest batch.</summary>
    /// <param name="model">The network and its weights.</param>
    /// <param name="options">Batch and threads.</param>
    /// <exception cref="ArgumentOutOfRangeException">The batch is below 1 or the number of threads is not in range.</exception>
    /// <exception cref="Weights.ModelFormatException">The weights do not fit the network.</exception>
    /// <exception cref="InsufficientMemoryException">
    /// Weights, activations and working memory are more than the machine, or its container, has.
    /// </exception>
    public CpuSession(Model model, SessionOptions options)
        : this(model, options, Simd.Preferred) { }

    internal CpuSession(Model model, SessionOptions options, SimdWidth width, RowChainLimits? limits = null)
        : this(PlanFor(model, options, width, limits), CoresOr(options.ThreadCount), false) => Rehearse();

    private CpuSession(CpuPlan plan, int threadCount, bool areWeightsShared)
    {
        (_plan, ThreadCount) = (plan, threadCount);
        Outputs = plan.Graph.Outputs;
        _turn = new(Input, Outputs, MaximalBatch);
        var threads = WorkerTeam.ParallelismOf(threadCount);
        Memory = plan.Layout.MemoryFor(threadCount, threads);
        Memory = areWeightsShared ? Memory with { Weights = 0 } : Memory;
        CheckMemory();
        _memory = new CpuMemory(plan.Layout, threads);
        _groups = new ImageGroups(plan, _memory);
        _team = new WorkerTeam(threadCount, plan.Layout.ThreadLength(threads));
    }

    /// <inheritdoc/>
    public string Device => "cpu";

    /// <inheritdoc/>
    public FeatureShape Input => _plan.Graph.Input;

    /// <inheritdoc/>
    public FeatureShape Output => Outputs[0];

    /// <inheritdoc/>
    public ImmutableArray<FeatureShape> Outputs { get; }

    /// <inheritdoc/>
    public int MaximalBatch => _plan.MaximalBatch;

    /// <summary>Threads that a run uses, the caller among them.</summary>
    public int ThreadCount { get; }

    /// <summary>
    /// Bytes held, known from the plan before the arena and the scratch are allocated. Weights that are shared are
    /// counted by the session that packed them, and are 0 in the others.
    /// </summary>
    public SessionMemory Memory { get; }

    /// <summary>
    /// Opens a session on the packed weights of this one, for another caller at the same time: with activations, working
    /// memory and threads of its own. It takes the same batches and gives the same bits. The sessions may be disposed
    /// in any order; the weights are given back with the last one.
    /// </summary>
    /// <param name="threadCount">Its threads; 0 means one per core, null as many as this one has.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number of threads is not in range.</exception>
    /// <exception cref="InsufficientMemoryException">The machine, or its container, has less memory than it takes.</exception>
    /// <exception cref="ObjectDisposedException">This session is disposed.</exception>
    public CpuSession Share(int? threadCount = null)
    {
        CheckThreads(threadCount ?? ThreadCount, nameof(threadCount));
        ObjectDisposedException.ThrowIf(_turn.IsClosed, this);
        return TryShare(threadCount) ?? throw new ObjectDisposedException(nameof(CpuSession));
    }

    /// <summary>The same, also after this session is disposed; null when the weights are given back.</summary>
    internal CpuSession? TryShare(int? threadCount = null) =>
        _plan.TryShare() ? new(_plan, CoresOr(threadCount ?? ThreadCount), true) : null;

    /// <summary>Runs the network on images that are brought as late as possible, when they are in a thread's cache as it begins.</summary>
    /// <param name="input">Where the images will lie, axes <c>[N, H, W, C]</c>.</param>
    /// <param name="outputs">Receive the results, as in the other runs.</param>
    /// <param name="batch">Images N.</param>
    /// <param name="fetch">Writes an image there, given its number, on any of the threads.</param>
    internal void Run(ReadOnlySpan<float> input, ReadOnlySpan<Memory<float>> outputs, int batch, Action<int> fetch) =>
        RunTurn(input, new(outputs), batch, null, fetch);

    /// <summary>Bytes that a session would hold.</summary>
    /// <inheritdoc cref="CpuSession(Model, SessionOptions)" path="/param"/>
    internal static SessionMemory MemoryFor(Model model, SessionOptions options)
    {
        Check(options);
        var threads = CoresOr(options.ThreadCount);
        var parallelism = WorkerTeam.ParallelismOf(threads);
        return CpuPlan
            .LayoutFor(model, Simd.Preferred, options.MaximalBatch, parallelism)
            .MemoryFor(threads, parallelism);
    }

    ImmutableArray<StepCost> ITimedSession.Steps => [.. _plan.Steps.Select(step => step.Cost)];

    int ITimedSession.Chunk =>
        MaximalBatch < _team.Parallelism ? MaximalBatch : Math.Min(_plan.Layout.OwnImages, MaximalBatch);

    bool ITimedSession.WaitsAfterSteps => false;

    /// <inheritdoc/>
    public void Run(ReadOnlySpan<float> input, Span<float> output, int batch) =>
        RunTurn(input, new(output), batch, null);

    /// <inheritdoc/>
    public void Run(ReadOnlySpan<float> input, ReadOnlySpan<Memory<float>> outputs, int batch) =>
        RunTurn(input, new(outputs), batch, null);

    void ITimedSession.Run(ReadOnlySpan<float> input, Span<float> output, int batch, StepClock clock) =>
        RunTurn(input, new(output), batch, clock);

    private void RunTurn(
        ReadOnlySpan<float> input,
        OutputBuffers outputs,
        int batch,
        StepClock? clock,
        Action<int>? fetch = null
    )
    {
        _turn.Begin(this, input.Length, outputs, batch);
        try
        {
            (_groups.Clock, _groups.Fetch) = (clock, fetch);
            RunRounds(input, outputs, batch);
        }
        finally
        {
            _groups.Fetch = null;
            _turn.End();
        }
    }

    /// <summary>
    /// Gives the memory back, shared weights with the last session that has them, and ends the threads; waits for a run
    /// that is under way.
    /// </summary>
    public void Dispose()
    {
        if (_turn.Close())
        {
            _team.Dispose();
            _memory.Dispose();
            _plan.Dispose();
        }
    }

    private static CpuPlan PlanFor(Model model, SessionOptions options, SimdWidth width, RowChainLimits? limits)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        Check(options);
        var parallelism = WorkerTeam.ParallelismOf(CoresOr(options.ThreadCount));
        return new(model, width, options.MaximalBatch, parallelism, limits);
    }

    private static void Check(SessionOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaximalBatch, 1, nameof(options));
        CheckThreads(options.ThreadCount, nameof(options));
    }

    private static void CheckThreads(int threadCount, string name)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(threadCount, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(threadCount, MostThreads, name);
    }

    private static int CoresOr(int threadCount) => threadCount == 0 ? Environment.ProcessorCount : threadCount;

    private void CheckMemory()
    {
        try
        {
            var what = $"{_plan.Graph.Name} for {Input}, batch {MaximalBatch}, {ThreadCount} threads,";
            Memory.CheckFits(what, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
        }
        catch (InsufficientMemoryException)
        {
            _plan.Dispose();
            throw;
        }
    }

    private unsafe void Rehearse()
    {
        using var image = new AlignedBuffer(Input.ElementCount);
        using var rehearsal = new Rehearsal(_plan, _memory);
        _team.Run(rehearsal, new(1) { Input = image.Pointer });
    }

    private unsafe void RunRounds(ReadOnlySpan<float> input, OutputBuffers outputs, int batch)
    {
        fixed (float* images = input)
        {
            for (var first = 0; first < batch; first += _plan.Layout.RoundImages)
            {
                var count = Math.Min(_plan.Layout.RoundImages, batch - first);
                _groups.FirstImage = first;
                RunRound(images + first * Input.ElementCount, count);
                for (var i = 0; i < outputs.Count; i++)
                {
                    var size = (int)Outputs[i].ElementCount;
                    _memory.CopyOutput(_plan.Outputs[i], outputs[i].Slice(first * size, count * size));
                }
            }
        }
    }

    /// <summary>
    /// Does the steps on maps, each thread for as many images as the others, and all together for what is left over; then
    /// the others for all images at once.
    /// </summary>
    private unsafe void RunRound(float* images, int count)
    {
        var alone = count - count % _team.Parallelism;
        if (alone > 0)
        {
            _team.Run(_groups, new(alone) { Input = images });
        }
        for (var first = alone; first < count; first += _plan.Layout.TogetherImages)
        {
            var range = new ImageRange(images, first, Math.Min(_plan.Layout.TogetherImages, count - first));
            _groups.FetchImages(range);
            RunSteps(0, _plan.Layout.MapStepCount, range);
        }
        RunSteps(_plan.Layout.MapStepCount, _plan.Steps.Length, new(images, 0, count));
    }

    private void RunSteps(int begin, int end, in ImageRange images)
    {
        var last = Stopwatch.GetTimestamp();
        for (var i = begin; i < end; i++)
        {
            var step = _plan.Steps[i];
            _team.Run(step.Operation, _memory.Bind(step, images), isShared: !step.Cost.IsShort(images.Count));
            last = _groups.Clock?.Lap(i, last) ?? last;
        }
    }
}
