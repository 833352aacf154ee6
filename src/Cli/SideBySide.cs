using ILGpuMobileNet.Cli.Options;
using ILGpuMobileNet.Host;
using ILGpuMobileNet.Host.Comparison;

namespace ILGpuMobileNet.Cli;

/// <summary>What <see cref="SideBySide"/> is to do.</summary>
/// <param name="A">The first side.</param>
/// <param name="B">The second side.</param>
/// <param name="Images">What the networks read; null for two recordings.</param>
/// <param name="Tolerance">Largest difference that is no divergence, as a part of a layer's largest |value|.</param>
internal sealed record ComparisonRequest(ComparedSide A, ComparedSide B, ComparedImages? Images, double Tolerance);

/// <summary>Gives two sides the same images and compares what their layers make of them.</summary>
internal static class SideBySide
{
    /// <summary>Does it.</summary>
    /// <param name="request">What to do.</param>
    /// <param name="cancellationToken">Stops between two layers.</param>
    public static ComparisonReport Execute(ComparisonRequest request, CancellationToken cancellationToken)
    {
        var isWithRecording = request.A.IsRecording || request.B.IsRecording;
        using var a = Activations(request.A);
        using var b = Activations(request.B);
        return ActivationComparison.Run(a, b, request.Tolerance, cancellationToken);

        ActivationSet Activations(ComparedSide side) =>
            side.IsRecording
                ? RecordedActivations.Open(side.Model.Model, cancellationToken)
                : Run(side, request.Images!, isUnfused: side.Run.Unfused || isWithRecording, cancellationToken);
    }

    /// <summary>Beside a recording every layer is seen, as most frameworks run them one by one.</summary>
    private static NetworkActivations Run(
        ComparedSide side,
        ComparedImages images,
        bool isUnfused,
        CancellationToken cancellationToken
    )
    {
        var options = side.Model with { Resolution = side.Model.Resolution ?? images.Size };
        var loaded = ModelSource.Load(options, cancellationToken);
        return NetworkActivations.Run(loaded, images.For(loaded), side.Run with { Unfused = isUnfused });
    }
}
