namespace ILGpuMobileNet.Reference.Operations;

/// <summary>An operation bound to memory, to be executed once by a test or many times by a benchmark.</summary>
internal interface IPreparedRun : IDisposable
{
    /// <summary>Computes the output; returns when it is there.</summary>
    void Execute();

    /// <summary>The output, <c>[N, H, W, C]</c>.</summary>
    /// <exception cref="InvalidOperationException">The operation left something infinite in the padding.</exception>
    float[] Output();
}
