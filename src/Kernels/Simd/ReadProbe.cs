using System.Runtime.CompilerServices;

namespace ILGpuMobileNet.Kernels.Simd;

/// <summary>
/// Reads memory and adds it up: what a level of the caches, or the memory, gives at most. An item is one slice; a batch
/// is as many items. Without an input every thread reads its own working memory, whose slice then stays in its cache.
/// </summary>
/// <param name="sliceLength">Floats of a slice, a multiple of 128.</param>
/// <param name="sliceCount">Slices of the input; items beyond them begin at the first again.</param>
internal abstract unsafe class ReadProbe(long sliceLength, long sliceCount) : SimdOperation
{
    /// <inheritdoc/>
    public override long ScratchLength => sliceLength;

    /// <summary>The version for a vector width.</summary>
    /// <param name="width">Vector width.</param>
    /// <param name="sliceLength">Floats of a slice, a multiple of 128.</param>
    /// <param name="sliceCount">Slices of the input, at least 1.</param>
    public static ReadProbe Create(SimdWidth width, long sliceLength, long sliceCount) =>
        (ReadProbe)Simd.Specialise<Factory>(width, new(sliceLength, sliceCount));

    /// <inheritdoc/>
    public override int ItemCount(in Operands operands) => operands.Batch;

    /// <inheritdoc/>
    public override void Run(in Operands operands, int item, float* scratch)
    {
        var slice = operands.Input == null ? scratch : operands.Input + item % sliceCount * sliceLength;
        Read(slice, slice + sliceLength, scratch);
    }

    /// <summary>Adds up a slice and stores the sum, so that no read is left out.</summary>
    protected abstract void Read(float* slice, float* end, float* sum);

    private readonly struct Factory(long sliceLength, long sliceCount) : IWidthFactory
    {
        public object Create<TVector, TLanes>()
            where TVector : struct
            where TLanes : struct, ILanes<TVector> => new ReadProbe<TVector, TLanes>(sliceLength, sliceCount);
    }
}

/// <inheritdoc/>
internal sealed unsafe class ReadProbe<TVector, TLanes>(long sliceLength, long sliceCount)
    : ReadProbe(sliceLength, sliceCount)
    where TVector : struct
    where TLanes : struct, ILanes<TVector>
{
    /// <inheritdoc/>
    [MethodImpl(HotLoop.Compilation)]
    protected override void Read(float* slice, float* end, float* sum)
    {
        TVector a = default,
            b = default,
            c = default,
            d = default;
        TVector e = default,
            f = default,
            g = default,
            h = default;
        for (; slice < end; slice += 8 * TLanes.Count)
        {
            a = TLanes.Add(a, TLanes.Load(slice));
            b = TLanes.Add(b, TLanes.Load(slice + TLanes.Count));
            c = TLanes.Add(c, TLanes.Load(slice + 2 * TLanes.Count));
            d = TLanes.Add(d, TLanes.Load(slice + 3 * TLanes.Count));
            e = TLanes.Add(e, TLanes.Load(slice + 4 * TLanes.Count));
            f = TLanes.Add(f, TLanes.Load(slice + 5 * TLanes.Count));
            g = TLanes.Add(g, TLanes.Load(slice + 6 * TLanes.Count));
            h = TLanes.Add(h, TLanes.Load(slice + 7 * TLanes.Count));
        }
        var left = TLanes.Add(TLanes.Add(a, b), TLanes.Add(c, d));
        TLanes.Store(TLanes.Add(left, TLanes.Add(TLanes.Add(e, f), TLanes.Add(g, h))), sum);
    }
}
