namespace ILGpuMobileNet.Host;

/// <summary>From a network's output to the best classes.</summary>
internal static class Scores
{
    /// <summary><c>exp(x - max) / sum(exp(x - max))</c> in double precision.</summary>
    /// <param name="logits">One image's output, <c>[C]</c>.</param>
    /// <exception cref="NotFiniteNumberException">A logit is NaN or infinite.</exception>
    public static double[] Softmax(ReadOnlySpan<float> logits)
    {
        var scores = Finite(logits);
        var maximum = scores.Max();
        var sum = 0.0;
        foreach (ref var score in scores.AsSpan())
        {
            score = Math.Exp(score - maximum);
            sum += score;
        }
        foreach (ref var score in scores.AsSpan())
        {
            score /= sum;
        }
        return scores;
    }

    /// <summary>The outputs in double precision, each checked to be a number.</summary>
    /// <param name="outputs">One image's output, <c>[C]</c>.</param>
    /// <exception cref="NotFiniteNumberException">An output is NaN or infinite.</exception>
    public static double[] Finite(ReadOnlySpan<float> outputs)
    {
        var values = new double[outputs.Length];
        for (var index = 0; index < values.Length; index++)
        {
            if (!float.IsFinite(outputs[index]))
            {
                throw new NotFiniteNumberException(
                    $"The network's output {index} is {outputs[index]}, expected a finite number. Check its weights.",
                    outputs[index]
                );
            }
            values[index] = outputs[index];
        }
        return values;
    }

    /// <summary>Indices of the largest scores, largest first; of equal ones the lower index comes first.</summary>
    /// <param name="scores">One score per class.</param>
    /// <param name="count">How many; fewer come back when there are fewer classes.</param>
    public static IReadOnlyList<int> Largest(double[] scores, int count) =>
        [.. Enumerable.Range(0, scores.Length).OrderByDescending(index => scores[index]).Take(count)];
}
