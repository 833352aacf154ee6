using System.Runtime.CompilerServices;

namespace ILGpuMobileNet.Kernels.Simd;

/// <summary>
/// Multiply-adds that wait for nothing, neither memory nor each other: what the machine computes at most. An item is a
/// fixed number of them; a batch is as many items.
/// </summary>
internal abstract unsafe class FmaProbe : SimdOperation
{
    /// <summary>Floating-point operations of an item, two for each multiply-add.</summary>
    public abstract long FlopsPerItem { get; }

    /// <inheritdoc/>
    public override long ScratchLength => (int)SimdWidth.Vector512;

    /// <summary>The version for a vector width.</summary>
    /// <param name="width">Vector width.</param>
    public static FmaProbe Create(SimdWidth width) => (FmaProbe)Simd.Specialise<Factory>(width, default);

    /// <inheritdoc/>
    public override int ItemCount(in Operands operands) => operands.Batch;

    private readonly struct Factory : IWidthFactory
    {
        public object Create<TVector, TLanes>()
            where TVector : struct
            where TLanes : struct, ILanes<TVector> => new FmaProbe<TVector, TLanes>();
    }
}

/// <inheritdoc/>
internal sealed unsafe class FmaProbe<TVector, TLanes> : FmaProbe
    where TVector : struct
    where TLanes : struct, ILanes<TVector>
{
    private const int StepCount = 10_000;

    /// <inheritdoc/>
    public override long FlopsPerItem => 2L * StepCount * (TLanes.HasManyRegisters ? 24 : 12) * TLanes.Count;

    /// <inheritdoc/>
    [MethodImpl(HotLoop.Compilation)]
    public override void Run(in Operands operands, int item, float* scratch)
    {
        var (x, w) = (TLanes.Create(0.5f), TLanes.Create(0.25f));
        FourSums a = default,
            b = default,
            c = default;
        FourSums d = default,
            e = default,
            f = default;
        for (var step = 0; step < StepCount; step++)
        {
            a.Accumulate(x, w);
            b.Accumulate(x, w);
            c.Accumulate(x, w);
            if (TLanes.HasManyRegisters)
            {
                d.Accumulate(x, w);
                e.Accumulate(x, w);
                f.Accumulate(x, w);
            }
        }
        // Stored, so that no sum is left out.
        var (left, right) = (TLanes.Add(a.Total, b.Total), TLanes.Add(c.Total, d.Total));
        TLanes.Store(TLanes.Add(TLanes.Add(left, right), TLanes.Add(e.Total, f.Total)), scratch);
    }

    /// <summary>
    /// Independent sums. Four, since structs of more fields do not stay in registers, nor do those whose methods are called.
    /// </summary>
    private struct FourSums
    {
        private TVector _a,
            _b,
            _c,
            _d;

        public readonly TVector Total
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            get => TLanes.Add(TLanes.Add(_a, _b), TLanes.Add(_c, _d));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Accumulate(TVector x, TVector w)
        {
            _a = TLanes.MultiplyAdd(x, w, _a);
            _b = TLanes.MultiplyAdd(x, w, _b);
            _c = TLanes.MultiplyAdd(x, w, _c);
            _d = TLanes.MultiplyAdd(x, w, _d);
        }
    }
}
