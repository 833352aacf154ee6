namespace ILGpuMobileNet.Kernels.Simd;

/// <summary>
/// Operations of which each reads only what the one before writes, computed a few rows at a time from the first to the
/// last: what lies between them never leaves the cache. An item is a band of the last one's rows; rows that two bands
/// need are computed for each.
/// </summary>
internal sealed unsafe class RowChain : SimdOperation
{
    private const int BandsPerThread = 2; // not more: every band computes some rows that its neighbour computes too

    private readonly RowOperation[] _stages;
    private readonly int? _residualStage;
    private readonly RowSchedule _schedule;
    private readonly long _stageScratch; // floats, before those of the rings
    private readonly int _stripRows;
    private readonly int _stripCount;

    /// <summary>Ties operations together, and their lifetime to this one's.</summary>
    /// <param name="stages">The operations, at least two.</param>
    /// <param name="residualStage">The one that the residual belongs to, or none. A gate belongs to the first.</param>
    public RowChain(IEnumerable<RowOperation> stages, int? residualStage)
    {
        _stages = [.. stages.Select(Own)];
        _residualStage = residualStage;
        _schedule = new([.. _stages.Select(stage => stage.Case)]);
        _stageScratch = _stages.Max(stage => stage.ScratchLength);
        ScratchLength = _stageScratch + _schedule.Rings.Sum(ring => ring.Floats);
        _stripRows = _schedule.Steps[^1];
        _stripCount = Ratio(_stages[^1].OutputRows, _stripRows);
    }

    /// <inheritdoc/>
    public override long WeightBytes => _stages.Sum(stage => stage.WeightBytes);

    /// <inheritdoc/>
    public override long ScratchLength { get; }

    /// <inheritdoc/>
    public override int ItemCount(in Operands operands) => operands.Batch * BandCount(operands);

    /// <inheritdoc/>
    public override void Run(in Operands operands, int item, float* scratch)
    {
        var bands = BandCount(operands);
        var (image, band) = Math.DivRem(item, bands);
        var ring = scratch + _stageScratch;
        var rings = stackalloc RowRing[_stages.Length + 1];
        rings[0] = _stages[0].InputOf(operands, image);
        for (var i = 1; i < _stages.Length; i++)
        {
            var kept = _schedule.Rings[i - 1];
            rings[i] = new(ring, kept.RowLength, kept.Rows);
            ring += kept.Floats;
        }
        rings[_stages.Length] = _stages[^1].OutputOf(operands, image);
        var done = stackalloc int[_stages.Length];
        done[_stages.Length - 1] = FirstRow(bands, band);
        for (var stage = _stages.Length - 1; stage > 0; stage--)
        {
            done[stage - 1] = _stages[stage].Case.InputRows(done[stage], done[stage] + 1).First;
        }
        Advance(new(operands, image, scratch, rings, done), _stages.Length - 1, FirstRow(bands, band + 1));
    }

    private readonly struct Pass(in Operands operands, int image, float* scratch, RowRing* rings, int* done)
    {
        public readonly Operands Operands = operands;
        public int Image => image;
        public float* Scratch => scratch;
        public RowRing* Rings => rings;
        public int* Done => done;
    }

    /// <summary>Computes the rows of a stage up to one, and before them what they need.</summary>
    private void Advance(in Pass pass, int stage, int end)
    {
        var operation = _stages[stage];
        while (pass.Done[stage] < end)
        {
            var first = pass.Done[stage];
            var next = Math.Min(first + _schedule.Steps[stage], end);
            if (stage > 0)
            {
                Advance(pass, stage - 1, operation.Case.InputRows(first, next).End);
            }
            var rows = new RowOperands(pass.Rings[stage], pass.Rings[stage + 1])
            {
                Gate = stage == 0 ? operation.GateOf(pass.Operands, pass.Image) : null,
                Residual = stage == _residualStage ? operation.ResidualOf(pass.Operands, pass.Image) : null,
                Sums = stage == _stages.Length - 1 ? operation.SumsOf(pass.Operands, pass.Image) : null,
            };
            operation.Run(rows, first, next, pass.Scratch);
            pass.Done[stage] = next;
        }
    }

    private int FirstRow(int bands, int band) =>
        Math.Min(Part(_stripCount, bands, band) * _stripRows, _stages[^1].OutputRows);

    private int BandCount(in Operands operands) =>
        Math.Min(Ratio(operands.Items(BandsPerThread), operands.Batch), _stripCount);
}
