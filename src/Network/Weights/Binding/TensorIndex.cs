namespace ILGpuMobileNet.Network.Weights;

/// <summary>A file's tensors by name, where names are taken as an ecosystem means them.</summary>
/// <remarks>
/// TensorFlow adds <c>:0</c> to names of variables, and <c>/ExponentialMovingAverage</c> to names of the averages that
/// its networks are evaluated with. HDF5 files of Keras 2 have each layer twice, <c>conv1/conv1/kernel:0</c>, and so
/// has what is made of them. A network that is part of another has a prefix before all of its names.
/// </remarks>
internal sealed class TensorIndex
{
    private const string VariableSuffix = ":0";
    private const string AverageSuffix = "/ExponentialMovingAverage";
    private const int MaximalPrefixes = 8;
    private const int MostPartsOfALayer = 4;

    private readonly WeightFile _file;
    private readonly Dictionary<string, StoredTensor> _tensors = new(StringComparer.Ordinal);

    public TensorIndex(WeightFile file)
    {
        _file = file;
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
                .Keys.SelectMany(tensor => names.Select(name => PrefixOf(Variable(tensor), name)).OfType<string>())
                .Prepend("")
                .Distinct(StringComparer.Ordinal)
                .Take(MaximalPrefixes),
        ];

    /// <summary>
    /// Names of tensors that are neither used nor operands of a graph nor state of the training: counters, the step, and
    /// what an optimiser or an average keeps for a used tensor, whose name goes on after the tensor's own.
    /// </summary>
    /// <param name="used">Tensors that are used.</param>
    /// <param name="scope">Only names with this beginning count.</param>
    public IEnumerable<string> Unused(IEnumerable<StoredTensor> used, string scope)
    {
        var names = used.Select(tensor => Variable(tensor.Name)).ToHashSet(StringComparer.Ordinal);
        return _tensors
            .Where(tensor => tensor.Key.StartsWith(scope, StringComparison.Ordinal))
            .Where(tensor => !names.Contains(Variable(tensor.Key)))
            .Where(tensor => !tensor.Value.IsCounter && !IsTrainingState(tensor.Key, names))
            .Where(tensor => !_file.IsOperand(tensor.Value))
            .Select(tensor => tensor.Value.Name);
    }

    private static bool IsTrainingState(string name, HashSet<string> used)
    {
        var slash = name.LastIndexOf('/');
        return name == "global_step" || slash > 0 && used.Contains(name[..slash]);
    }

    private static string? PrefixOf(string tensor, string name)
    {
        var length = tensor.Length - name.Length;
        return length > 0 && tensor[length - 1] is '.' or '/' && tensor.EndsWith(name, StringComparison.Ordinal)
            ? tensor[..length]
            : null;
    }

    private static string Variable(string name) => Without(Plain(name), AverageSuffix);

    private static string Plain(string name) => Undoubled(Without(name, VariableSuffix));

    /// <summary><c>a/b/a/b/kernel</c> as <c>a/b/kernel</c>.</summary>
    private static string Undoubled(string name)
    {
        var end = name.LastIndexOf('/');
        var start = end;
        for (var parts = 0; parts < MostPartsOfALayer && start > 0; parts++)
        {
            start = name.LastIndexOf('/', start - 1);
            var length = end - start;
            var isDoubled =
                start >= length - 1
                && start > 0
                && name.AsSpan(start + 1, length - 1).SequenceEqual(name.AsSpan(start - length + 1, length - 1))
                && (start == length - 1 || name[start - length] == '/');
            if (isDoubled)
            {
                return name.Remove(start, length);
            }
        }
        return name;
    }

    private static string Without(string name, string suffix) =>
        name.EndsWith(suffix, StringComparison.Ordinal) ? name[..^suffix.Length] : name;
}
