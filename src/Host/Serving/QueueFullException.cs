namespace ILGpuMobileNet.Host.Serving;

/// <summary>A host has as many calls under way as it takes, and was told to reject more.</summary>
public sealed class QueueFullException : Exception
{
    /// <summary>Describes the fault.</summary>
    /// <param name="capacity">Calls that may be under way.</param>
    public QueueFullException(int capacity)
        : base($"{capacity} calls are under way, no more are taken: try again later, or raise QueueCapacity.") =>
        Capacity = capacity;

    /// <summary>Calls that may be under way.</summary>
    public int Capacity { get; }
}
