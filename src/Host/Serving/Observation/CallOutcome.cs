namespace ILGpuMobileNet.Host.Serving;

/// <summary>How a call ended, in the words that logs, metrics and traces have for it.</summary>
internal static class CallOutcome
{
    /// <summary>The word.</summary>
    /// <param name="fault">What its caller got; null for a result.</param>
    public static string Of(Exception? fault) =>
        fault switch
        {
            null => "answered",
            OperationCanceledException or ObjectDisposedException => "cancelled",
            TimeoutException => "timed_out",
            QueueFullException => "rejected",
            _ => "failed",
        };
}
