namespace ILGpuMobileNet.Kernels;

/// <summary>
/// Channels that are copied at equal distances: output channel <c>OutputFirst + i·OutputStep</c> is input channel
/// <c>InputFirst + i·InputStep</c>, for <c>i</c> below <c>Count</c>.
/// </summary>
/// <param name="InputFirst">First channel read.</param>
/// <param name="InputStep">From a channel read to the next.</param>
/// <param name="OutputFirst">First channel written.</param>
/// <param name="OutputStep">From a channel written to the next.</param>
/// <param name="Count">Channels, at least 1.</param>
public readonly record struct ChannelRun(int InputFirst, int InputStep, int OutputFirst, int OutputStep, int Count)
{
    /// <summary>Neighbouring channels that stay neighbours.</summary>
    /// <param name="inputFirst">First channel read.</param>
    /// <param name="outputFirst">First channel written.</param>
    /// <param name="count">Channels.</param>
    public static ChannelRun Neighbours(int inputFirst, int outputFirst, int count) =>
        new(inputFirst, 1, outputFirst, 1, count);
}
