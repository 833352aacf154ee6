namespace ILGpuMobileNet.Benchmarks.Compare;

/// <summary>What everything has in common that is measured by turns.</summary>
internal static class Turns
{
    // Either engine's threads look for work for a while after a run, ONNX Runtime's for 50 to 60 ms.
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Takes a turn when the threads of the one before are asleep.</summary>
    /// <param name="turn">Measures.</param>
    public static TTimes Take<TTimes>(Func<TTimes> turn)
    {
        Thread.Sleep(s_pause);
        return turn();
    }
}
