namespace ILGpuMobileNet.Host.Serving;

/// <summary>What a call may take.</summary>
/// <param name="TimeLimit">Time within which to answer; null for no limit.</param>
/// <param name="MayReject">Whether it can be rejected when the host is full.</param>
/// <param name="CancellationToken">Gives it up.</param>
internal readonly record struct CallTerms(TimeSpan? TimeLimit, bool MayReject, CancellationToken CancellationToken);
