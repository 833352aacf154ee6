namespace ILGpuMobileNet.Kernels.Simd;

/// <summary>
/// Where one run of an operation reads and writes. Feature maps are <c>[N, H, W, C]</c> with the channels of a pixel
/// padded to <see cref="Simd.PaddedChannels"/>; the padding holds finite values that no result depends on.
/// </summary>
internal readonly unsafe struct Operands(int batch)
{
    private const int ItemsPerThread = 4; // several, so that a thread that is held up leaves its share to others

    /// <summary>Images N.</summary>
    public int Batch { get; } = batch;

    /// <summary>Threads that share the items.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Items to cut the work into, where the cut is free.</summary>
    public int WantedItems => Items(ItemsPerThread);

    /// <summary>Items to cut the work into: one for a thread alone, otherwise some for each.</summary>
    /// <param name="perThread">Items of each.</param>
    public int Items(int perThread) => Threads == 1 ? 1 : perThread * Threads;

    /// <summary>The phase that runs, from 0.</summary>
    public int Phase { get; init; }

    /// <summary>The feature map read.</summary>
    public float* Input { get; init; }

    /// <summary>The feature map written; overlaps no operand.</summary>
    public float* Output { get; init; }

    /// <summary>A gate per image and channel, <c>[N, 1, 1, C]</c>, or null.</summary>
    public float* Gate { get; init; }

    /// <summary>
    /// The sums of a feature map's rows, <c>[N, H, C]</c>, or null: a depthwise convolution leaves those of its output,
    /// squeeze-excite then needs no more of its input.
    /// </summary>
    public float* Sums { get; init; }

    /// <summary>A feature map of the output's shape that is added after the activation, or null.</summary>
    public float* Residual { get; init; }

    /// <summary>
    /// Working memory of all threads together, <see cref="SimdOperation.SharedLength"/> floats for each image, or null.
    /// </summary>
    public float* Shared { get; init; }
}

/// <summary>
/// A step on the CPU, specialised for a vector width, with its packed weights. Its work is cut into items that may
/// run in any order and on any thread; the result has the same bits whatever the cut. A run changes nothing but what
/// its operands point at, so that several may go on at once.
/// </summary>
internal abstract unsafe class SimdOperation : IDisposable
{
    private readonly List<IDisposable> _owned = [];

    /// <summary>Bytes of packed weights.</summary>
    public virtual long WeightBytes => 0;

    /// <summary>Floats of working memory that each thread needs.</summary>
    public virtual long ScratchLength => 0;

    /// <summary>Floats of working memory that all threads of a run need together, for each image.</summary>
    public virtual long SharedLength => 0;

    /// <summary>Phases that run one after the other: each needs everything of the one before.</summary>
    public virtual int PhaseCount => 1;

    /// <summary>How many items a phase is cut into.</summary>
    /// <param name="operands">The run and the phase.</param>
    public abstract int ItemCount(in Operands operands);

    /// <summary>Does one item.</summary>
    /// <param name="operands">Where to read and write.</param>
    /// <param name="item">From 0 to <see cref="ItemCount"/> - 1.</param>
    /// <param name="scratch">Working memory of the calling thread, <see cref="ScratchLength"/> floats.</param>
    public abstract void Run(in Operands operands, int item, float* scratch);

    /// <summary>The ratio of two numbers, rounded up.</summary>
    /// <param name="total">What is divided.</param>
    /// <param name="part">What it is divided by, at least 1.</param>
    internal static int Ratio(int total, int part) => (total + part - 1) / part;

    /// <summary>Where one of several parts, which differ by one at most, begins.</summary>
    /// <param name="total">What is cut.</param>
    /// <param name="parts">Parts, at least 1.</param>
    /// <param name="index">The part, from 0; the number of parts gives the end of the last.</param>
    internal static int Part(int total, int parts, int index) => (int)((long)total * index / parts);

    /// <inheritdoc/>
    public void Dispose() => _owned.ForEach(part => part.Dispose());

    /// <summary>Ties the lifetime of a part to this operation's.</summary>
    protected T Own<T>(T part)
        where T : IDisposable
    {
        _owned.Add(part);
        return part;
    }
}
