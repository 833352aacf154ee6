namespace ILGpuMobileNet.Host.Serving;

/// <summary>Writes an image where a batch has a place for it.</summary>
/// <param name="image">The place, axes <c>[H, W, C]</c>.</param>
internal delegate void WriteImage(Span<float> image);

/// <summary>Brings a call's image: gets it ready, then asks for a place and writes it there.</summary>
/// <param name="place">Gives a place, now or later, and has the image written to it.</param>
/// <param name="cancellationToken">Set when nobody waits for the call any more.</param>
internal delegate Task BringImage(Func<WriteImage, Task> place, CancellationToken cancellationToken);

/// <summary>What a call may take.</summary>
/// <param name="TimeLimit">Time within which to answer; null for no limit.</param>
/// <param name="MayReject">Whether it can be rejected when the host is full.</param>
/// <param name="LendsMemory">Whether its image lies in the caller's memory, which must not be read after its end.</param>
/// <param name="CancellationToken">Gives it up.</param>
internal readonly record struct CallTerms(
    TimeSpan? TimeLimit,
    bool MayReject,
    bool LendsMemory,
    CancellationToken CancellationToken
);
