namespace ILGpuMobileNet.Host.Load;

/// <summary>Which images come, and when; the same for the same seed.</summary>
/// <param name="seed">Any number.</param>
/// <param name="sampleCount">Images to choose from.</param>
internal sealed class LoadSchedule(int seed, int sampleCount)
{
    // Two generators, so that the times do not depend on how many images a query has.
    private readonly Random _samples = new(seed);
    private readonly Random _times = new(~seed);

    /// <summary>Draws the images of the next query, each as likely as any other.</summary>
    /// <param name="count">How many.</param>
    public int[] NextSamples(int count)
    {
        var samples = new int[count];
        lock (_samples)
        {
            for (var i = 0; i < count; i++)
            {
                samples[i] = _samples.Next(sampleCount);
            }
        }
        return samples;
    }

    /// <summary>When queries arrive: the gaps of a Poisson process, <c>-ln(1 - u) / rate</c>, without end.</summary>
    /// <param name="rate">Queries a second.</param>
    public IEnumerable<TimeSpan> Arrivals(double rate)
    {
        for (var seconds = 0.0; ; )
        {
            seconds -= Math.Log(1 - _times.NextDouble()) / rate;
            yield return TimeSpan.FromSeconds(seconds);
        }
    }
}
