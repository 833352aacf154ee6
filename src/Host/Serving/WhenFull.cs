namespace ILGpuMobileNet.Host.Serving;

/// <summary>What a host does with a call when as many are under way as it takes.</summary>
public enum WhenFull
{
    /// <summary>The call waits until one is answered.</summary>
    Wait,

    /// <summary>The call ends at once with a <see cref="QueueFullException"/>.</summary>
    Reject,
}
