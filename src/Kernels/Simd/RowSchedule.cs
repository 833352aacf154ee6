using System.Collections.Immutable;

namespace ILGpuMobileNet.Kernels.Simd;

/// <summary>
/// How many rows the operations of a chain compute together, and how many rows of each map between them are kept.
/// </summary>
internal sealed class RowSchedule
{
    private const int StripPixels = 96; // of the last output, at least: fewer would read the weights too often

    /// <summary>Plans a chain.</summary>
    /// <param name="cases">Its operations; each reads what the one before writes.</param>
    public RowSchedule(IReadOnlyList<ConvolutionCase> cases)
    {
        var steps = new int[cases.Count];
        var lengths = new RingLength[cases.Count - 1];
        var rows = SimdOperation.Ratio(StripPixels, cases[^1].Output.Width);
        for (var stage = cases.Count - 1; stage >= 0; stage--)
        {
            rows = Math.Min((rows + 1) / 2 * 2, cases[stage].Output.Height); // in pairs, as depthwise rows are computed
            steps[stage] = rows;
            if (stage > 0)
            {
                lengths[stage - 1] = new(MostInputRows(cases[stage], rows), cases[stage].InputRowLength);
                rows *= cases[stage].Window.Stride.Height;
            }
        }
        (Steps, Rings) = ([.. steps], [.. lengths]);
    }

    /// <summary>The rows kept of a map.</summary>
    /// <param name="Rows">Rows.</param>
    /// <param name="RowLength">Floats of a row.</param>
    public readonly record struct RingLength(int Rows, nint RowLength)
    {
        /// <summary>Floats of all.</summary>
        public long Floats => Rows * (long)RowLength;
    }

    /// <summary>Rows that each operation computes together.</summary>
    public ImmutableArray<int> Steps { get; }

    /// <summary>What is kept of each map between two operations.</summary>
    public ImmutableArray<RingLength> Rings { get; }

    private static int MostInputRows(in ConvolutionCase operation, int rows)
    {
        var most = 1;
        for (var first = 0; first + rows <= operation.Output.Height; first++)
        {
            var (start, end) = operation.InputRows(first, first + rows);
            most = Math.Max(most, end - start);
        }
        return most;
    }
}
