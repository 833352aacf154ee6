namespace ILGpuMobileNet.Host;

/// <summary>Finds the names of published weights in paths.</summary>
internal static class PublishedNames
{
    /// <summary>
    /// The contracts whose names a path has, that nearest to its end first: a file's own name says more than its folders'.
    /// </summary>
    /// <param name="path">
    /// The path, also as folders of model hubs have it: <c>models--timm--mobilenetv3_large_100.ra_in1k</c>.
    /// </param>
    public static IReadOnlyList<WeightContract> In(string path)
    {
        var places = ContractCatalog
            .All.SelectMany(contract => NamesOf(contract).Select(name => Place.Of(contract, name, path)))
            .Where(place => place.Start >= 0)
            .ToList();
        return
        [
            .. places
                // tf_mobilenet... contains mobilenet...
                .Where(place => !places.Exists(other => other.Covers(place)))
                .OrderByDescending(place => place.End)
                .Select(place => place.Contract)
                .Distinct(),
        ];
    }

    private static IEnumerable<string> NamesOf(WeightContract contract) =>
        contract.Files.Select(file => Path.GetFileNameWithoutExtension(file.Name)).Prepend(contract.Weights);

    private readonly record struct Place(WeightContract Contract, int Start, int Length)
    {
        public int End => Start + Length;

        public static Place Of(WeightContract contract, string name, string path) =>
            new(contract, path.LastIndexOf(name, StringComparison.OrdinalIgnoreCase), name.Length);

        public bool Covers(Place other) => Start <= other.Start && End >= other.End && Length > other.Length;
    }
}
