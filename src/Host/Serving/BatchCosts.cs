namespace ILGpuMobileNet.Host.Serving;

/// <summary>
/// How long the runs of a session take by their batch, from which follows how long it pays to keep the device waiting for
/// more images: no longer than a second run costs. One lane's.
/// </summary>
/// <param name="maximalBatch">Largest batch.</param>
internal sealed class BatchCosts(int maximalBatch)
{
    private const double Weight = 1.0 / 8; // of a run that took longer than those before

    private readonly double[] _milliseconds = new double[maximalBatch + 1]; // by batch; 0 where nothing is known
    private readonly bool[] _isWarm = new bool[maximalBatch + 1];

    /// <summary>
    /// What a run costs however small its batch: what two runs take more than one with the images of both. Measured by the
    /// smallest and the largest batch that have run; as long as there are not two, at most what the last run took; null
    /// before there is one.
    /// </summary>
    public TimeSpan? FixedCost { get; private set; }

    /// <summary>What a run costs more for each image; null as long as that is not known.</summary>
    public TimeSpan? ImageCost { get; private set; }

    /// <summary>Notes a run.</summary>
    /// <param name="batch">Its images.</param>
    /// <param name="time">What it took.</param>
    public void Note(int batch, TimeSpan time)
    {
        if (!_isWarm[batch]) // the first run of a batch warms up
        {
            _isWarm[batch] = true;
            FixedCost = ImageCost is null ? time : FixedCost;
            return;
        }
        ref var known = ref _milliseconds[batch];
        known =
            known == 0
                ? time.TotalMilliseconds
                : Math.Min(time.TotalMilliseconds, known + Weight * (time.TotalMilliseconds - known));
        var (least, most) = (Array.FindIndex(_milliseconds, IsKnown), Array.FindLastIndex(_milliseconds, IsKnown));
        if (least < most)
        {
            var slope = Math.Max(0, (_milliseconds[most] - _milliseconds[least]) / (most - least));
            ImageCost = TimeSpan.FromMilliseconds(slope);
            FixedCost = TimeSpan.FromMilliseconds(Math.Max(0, _milliseconds[least] - least * slope));
        }
        else
        {
            FixedCost = time;
        }
    }

    private static bool IsKnown(double time) => time > 0;
}
