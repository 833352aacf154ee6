using System.Buffers;
using ILGpuMobileNet.Network.Graph;

namespace ILGpuMobileNet.Network.Weights;

/// <summary>
/// Tells a trunk under a head of its own from another network: what is before the global pool has to be there whole, and
/// nothing beside it that would change what it computes.
/// </summary>
internal static class TrunkMatch
{
    // Keras joins the scopes of a layer by underscores.
    private static readonly SearchValues<char> _separators = SearchValues.Create("./_");

    /// <summary>
    /// A network beside a file's tensors, as far as it fits: all before the global pool, and of the layers after it those
    /// before the first that the file has not, but never the last.
    /// </summary>
    /// <param name="graph">The network.</param>
    /// <param name="match">All of it beside the tensors.</param>
    /// <returns>
    /// None where more than the head differs, where an unused tensor has a name among the trunk's, or where the file has
    /// the trunk twice.
    /// </returns>
    public static FormMatch? Of(NetworkGraph graph, FormMatch match)
    {
        if (NewHead.From(graph, match.Unfit) is not { } head)
        {
            return null;
        }
        var trunk = match.Without(head);
        var names = new TrunkNames(graph, match);
        return !trunk.Unused(isWhole: true).Any(names.Contains) && !trunk.HasTwice() ? trunk : null;
    }

    /// <summary>
    /// Names of tensors that are among a trunk's: those that go on as a parameter of it does, one part beyond what all
    /// names of the network begin with, but for the layers of the known head.
    /// </summary>
    private sealed class TrunkNames
    {
        private readonly int _rootLength;
        private readonly HashSet<string> _branches;
        private readonly List<string> _headLayers;

        public TrunkNames(NetworkGraph graph, FormMatch match)
        {
            var trunk = NewHead.Trunk(graph).Select(parameter => parameter.Name).ToHashSet();
            var names = match
                .Pairs.Select(pair => (Name: match.NameOf(pair.Parameter), pair.Parameter.Parameter))
                .ToLookup(pair => trunk.Contains(pair.Parameter.Name), pair => pair.Name);
            _rootLength = RootLength([.. names[true], .. names[false]]);
            _branches = [.. names[true].Select(Branch)];
            _headLayers = [.. names[false].Select(name => name[..(name.AsSpan().LastIndexOfAny('.', '/') + 1)])];
        }

        public bool Contains(string name) =>
            name.Length >= _rootLength
            && _branches.Contains(Branch(name))
            && !_headLayers.Exists(layer => name.StartsWith(layer, StringComparison.Ordinal));

        private static int RootLength(List<string> names)
        {
            var (first, last) = (names.Min(StringComparer.Ordinal)!, names.Max(StringComparer.Ordinal)!);
            var common = first.AsSpan().CommonPrefixLength(last);
            return first.AsSpan(0, common).LastIndexOfAny(_separators) + 1;
        }

        private string Branch(string name)
        {
            var length = name.AsSpan(_rootLength).IndexOfAny(_separators);
            return length < 0 ? name : name[..(_rootLength + length)];
        }
    }
}
