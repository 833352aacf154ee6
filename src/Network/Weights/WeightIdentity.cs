using System.Collections.Immutable;
using ILGpuMobileNet.Network.Architectures;

namespace ILGpuMobileNet.Network.Weights;

/// <summary>Says what a file of weights is of, from the names and shapes of its tensors.</summary>
public static class WeightIdentity
{
    private const int MostFits = 5;

    /// <summary>Fits whose names match less than this part of the best one's are not looked at closely.</summary>
    private const double LeastOfBest = 0.5;

    /// <summary>
    /// The architectures and forms that a file fits, best first. Forms that differ in their numerics only (timm's own
    /// weights and its conversions from TensorFlow) fit equally, in the order of <see cref="Architecture.Forms"/>.
    /// </summary>
    /// <param name="file">The open file; nothing of it is read.</param>
    /// <param name="architecture">The only one that it may be of, which is decided sooner; null for any.</param>
    /// <returns>
    /// At most five; the first is not exact where no network fits: the nearest one, however far. None where no name is
    /// known at all.
    /// </returns>
    public static ImmutableArray<WeightFit> Identify(WeightFile file, Architecture? architecture = null)
    {
        ArgumentNullException.ThrowIfNull(file);
        var index = new TensorIndex(file);
        var candidates = FormCandidate
            .All.Where(candidate => architecture is null || candidate.Architecture == architecture)
            .Select(candidate => Likeness.Of(candidate, index))
            .ToList();
        var best = candidates.MaxBy(candidate => candidate.Share)?.Share ?? 0;
        return
        [
            .. candidates
                .Where(candidate => candidate.Share > 0 && candidate.Share >= LeastOfBest * best)
                .Select(candidate => candidate.Candidate.Fit(index, candidate.Usual))
                .OrderByDescending(fit => fit.IsExact)
                .ThenByDescending(fit => fit.HasTrunk)
                .ThenByDescending(fit => fit.Share)
                .Take(MostFits),
        ];
    }

    private sealed record Likeness(FormCandidate Candidate, FormMatch Usual, double Share)
    {
        public static Likeness Of(FormCandidate candidate, TensorIndex index)
        {
            var usual = candidate.UsualMatch(index);
            return new(candidate, usual, candidate.NameShare(usual));
        }
    }
}
