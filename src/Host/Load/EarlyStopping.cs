namespace ILGpuMobileNet.Host.Load;

/// <summary>
/// What a limited number of queries says about a percentile, as MLPerf's rule for stopping early has it: so many slow
/// queries are allowed that, were the percentile any slower, as few of them would come up once in a hundred runs only.
/// </summary>
internal static class EarlyStopping
{
    /// <summary>The probability, at least, that what is said is so.</summary>
    public const double Confidence = 0.99;

    /// <summary>
    /// Queries that may be slower than a latency which is to be above the percentile; -1 where the queries are too few
    /// to say. The largest <c>t</c> with <c>sum over k &lt;= t of binomial(k; count, 1 - percentile) &lt;= 1 - confidence</c>.
    /// </summary>
    /// <param name="count">Queries, at least 1.</param>
    /// <param name="percentile">A share between 0 and 1.</param>
    public static int AllowedSlow(int count, double percentile)
    {
        var odds = Math.Log((1 - percentile) / percentile);
        var term = count * Math.Log(percentile); // logarithm of the probability of k slow queries
        var sum = 0.0;
        for (var k = 0; ; k++)
        {
            sum += Math.Exp(term);
            if (sum > 1 - Confidence)
            {
                return k - 1;
            }
            term += odds + Math.Log((double)(count - k) / (k + 1));
        }
    }

    /// <summary>The fewest queries that give an estimate of a percentile: 64 for 0.9, 662 for 0.99.</summary>
    /// <param name="percentile">A share between 0 and 1.</param>
    public static int FewestQueries(double percentile)
    {
        var count = 1;
        while (AllowedSlow(count, percentile) < 1)
        {
            count++;
        }
        return count;
    }

    /// <summary>A latency that the percentile does not exceed, with the confidence; null where queries are too few.</summary>
    /// <param name="sorted">Latencies, the shortest first.</param>
    /// <param name="percentile">A share between 0 and 1.</param>
    public static double? Estimate(IReadOnlyList<double> sorted, double percentile) =>
        sorted.Count > 0 && AllowedSlow(sorted.Count, percentile) is >= 1 and var slow ? sorted[^slow] : null;
}
