namespace ILGpuMobileNet.Network.Weights;

/// <summary>A file's tensors by name, where names are taken as an ecosystem means them.</summary>
/// <remarks>
/// TensorFlow adds <c>:0</c> to names of variables, and <c>/ExponentialMovingAverage</c> to names of the averages that
/// its networks are evaluated with. A network that is part of another has a prefix before all of its names.
/// </remarks>
internal sealed class TensorIndex
{
    private const string VariableSuffix = ":0";
    private const string AverageSuffix = "/ExponentialMovingAverage";
    private const int MaximalPrefixes = 8;

    private readonly Dictionary<string, StoredTensor> _tensors = new(StringComparer.Ordinal);

    public TensorIndex(WeightFile file)
    {
        foreach (var tensor in file.Tensors)
        {
            _tensors.TryAdd(Plain(tensor.Name), tensor);
        }
    }

    /// <summary>The first of several names that the file has below a prefix; none where it has none of them.</summary>
    public StoredTensor? Find(string prefix, IEnumerable<string> names)
    {
        foreach (var name in names)
        {
            if (
                _tensors.TryGetValue(prefix + name + AverageSuffix, out var tensor)
                || _tensors.TryGetValue(prefix + name, out tensor)
            )
            {
                return tensor;
            }
        }
        return null;
    }

    /// <summary>What may precede names in this file: nothing, or what precedes one of these, up to a dot or slash.</summary>
    public IReadOnlyList<string> PrefixesOf(IReadOnlyCollection<string> names) =>
        [
            .. _tensors
                .Keys.SelectMany(tensor => names.Select(name => PrefixOf(tensor, name)).OfType<string>())
                .Prepend("")
                .Distinct(StringComparer.Ordinal)
                .Take(MaximalPrefixes),
        ];

    /// <summary>
    /// Names of tensors that are neither used nor state of the training: counters, the step, and what an optimiser or
    /// an average keeps for a used tensor, whose name goes on after the tensor's own.
    /// </summary>
    /// <param name="used">Tensors that are used.</param>
    /// <param name="scope">Only names with this beginning count.</param>
    public IEnumerable<string> Unused(IEnumerable<StoredTensor> used, string scope)
    {
        var names = used.Select(tensor => Variable(tensor.Name)).ToHashSet(StringComparer.Ordinal);
        return _tensors
            .Where(tensor => tensor.Key.StartsWith(scope, StringComparison.Ordinal))
            .Where(tensor => !names.Contains(Variable(tensor.Key)) && !IsTrainingState(tensor.Key, names))
            .Select(tensor => tensor.Value.Name);
    }

    private static bool IsTrainingState(string name, HashSet<string> used)
    {
        var slash = name.LastIndexOf('/');
        return name.EndsWith("num_batches_tracked", StringComparison.Ordinal)
            || name == "global_step"
            || slash > 0 && used.Contains(name[..slash]);
    }

    private static string? PrefixOf(string tensor, string name)
    {
        var length = tensor.Length - name.Length;
        return length > 0 && tensor[length - 1] is '.' or '/' && tensor.EndsWith(name, StringComparison.Ordinal)
            ? tensor[..length]
            : null;
    }

    private static string Variable(string name) => Without(Plain(name), AverageSuffix);

    private static string Plain(string name) => Without(name, VariableSuffix);

    private static string Without(string name, string suffix) =>
        name.EndsWith(suffix, StringComparison.Ordinal) ? name[..^suffix.Length] : name;
}
