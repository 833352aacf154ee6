using System.Collections.Immutable;

namespace ILGpuMobileNet.Host.Comparison;

/// <summary>Which arrays of two sides have one name: the same, or that of one module of PyTorch.</summary>
internal static class ActivationNames
{
    /// <summary>Finds for every array of one side the array of the other side with its name.</summary>
    /// <param name="a">One side.</param>
    /// <param name="b">The other side.</param>
    /// <returns>Pairs of places; no array is in two of them.</returns>
    public static IEnumerable<(int A, int B)> Common(
        ImmutableArray<ActivationEntry> a,
        ImmutableArray<ActivationEntry> b
    )
    {
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (index, entry) in b.Index())
        {
            places[entry.Name] = index;
        }
        // Where a module consists of several nodes, the last one gives what the module gives.
        foreach (var (index, entry) in b.Index().Reverse())
        {
            _ = ModuleName.Of(entry.Name) is { } module && places.TryAdd(module, index);
        }
        var own = a.Index()
            .Where(item => places.ContainsKey(item.Item.Name))
            .Select(item => (item.Index, places[item.Item.Name]))
            .ToList();
        var ofModules = a.Index()
            .Reverse()
            .Select(item => (item.Index, Module: ModuleName.Of(item.Item.Name)))
            .Where(item => item.Module is not null && places.ContainsKey(item.Module))
            .Select(item => (item.Index, places[item.Module!]));
        return own.Concat(ofModules).DistinctBy(pair => pair.Item2).DistinctBy(pair => pair.Item1);
    }
}
