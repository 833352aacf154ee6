namespace ILGpuMobileNet.Kernels;

/// <summary>How a window is reduced.</summary>
public enum PoolKind
{
    /// <summary>The largest element; padding never wins.</summary>
    Max,

    /// <summary>The mean of the elements inside the input.</summary>
    Average,

    /// <summary>The mean over the whole window, padding counted as zeros.</summary>
    AverageIncludingPadding,
}
