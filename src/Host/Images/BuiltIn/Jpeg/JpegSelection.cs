namespace ILGpuMobileNet.Host.Images;

/// <summary>What a scan adds: which coefficients, and which of their bits (T.81, B.2.3).</summary>
/// <param name="First">First coefficient in zigzag order.</param>
/// <param name="Last">Last coefficient in zigzag order.</param>
/// <param name="Previous">Bit position the scan before stopped at, 0 if this is the first.</param>
/// <param name="Low">Bit position this scan stops at.</param>
internal readonly record struct JpegSelection(int First, int Last, int Previous, int Low)
{
    /// <summary>True if the scan adds a bit to coefficients that are there already.</summary>
    public bool Refines => Previous != 0;

    /// <summary>True if a progressive image may have such a scan.</summary>
    /// <param name="componentCount">Channels of the scan.</param>
    public bool IsProgressive(int componentCount) =>
        (First == 0 ? Last == 0 : First <= Last && Last < JpegComponent.BlockSize && componentCount == 1)
        && Low <= 13
        && (!Refines || Previous == Low + 1);
}
