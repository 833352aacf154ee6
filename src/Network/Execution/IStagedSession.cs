namespace ILGpuMobileNet.Network.Execution;

/// <summary>A session that brings images to its device through memory of the host's, where a caller may put them itself.</summary>
internal interface IStagedSession : ISession
{
    /// <summary>
    /// Room for the largest batch, axes <c>[N, H, W, C]</c>. A run whose input begins here copies it to the device from
    /// here. Not to be touched during a run or after the session is disposed.
    /// </summary>
    Span<float> Images { get; }
}
