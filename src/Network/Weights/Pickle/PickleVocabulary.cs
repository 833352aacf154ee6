namespace ILGpuMobileNet.Network.Weights;

/// <summary>The functions and classes that pickles of one kind may name; whatever else one names is refused.</summary>
internal abstract class PickleVocabulary
{
    private readonly string _source;
    private readonly string _remedy;
    private readonly Func<string, string> _part;
    private readonly Dictionary<string, PickleGlobal> _globals = new(StringComparer.Ordinal);

    /// <summary>Makes the vocabulary of one file.</summary>
    /// <param name="source">Its path.</param>
    /// <param name="remedy">How a file of weights is made.</param>
    /// <param name="part">How one is made of the entry of a checkpoint, by its key.</param>
    private protected PickleVocabulary(string source, string remedy, Func<string, string> part)
    {
        (_source, _remedy, _part) = (source, remedy, part);
        Know("collections.OrderedDict", NewDictionary);
    }

    /// <summary>What a name stands for.</summary>
    /// <param name="name">Module and name.</param>
    /// <exception cref="ModelFormatException">It is not known.</exception>
    public PickleGlobal Find(string name) => _globals.TryGetValue(name, out var found) ? found : throw Refusal(name);

    /// <summary>Gives an object its state; that of an ordered dictionary, such as <c>_metadata</c>, is not needed.</summary>
    /// <param name="target">The object.</param>
    /// <param name="state">Its state.</param>
    /// <exception cref="InvalidDataException">The object takes none, or another one.</exception>
    public virtual void Build(object? target, object? state)
    {
        if (target is not PickleDictionary)
        {
            throw new InvalidDataException("a state for an object that takes none");
        }
    }

    /// <summary>The object that lies outside the pickle.</summary>
    /// <param name="id">What the pickle calls it.</param>
    /// <exception cref="InvalidDataException">There is none.</exception>
    public virtual object? LoadPersistent(object? id) =>
        throw new InvalidDataException("a reference to an object outside the pickle");

    /// <summary>The error for a pickle that names what no file of weights needs.</summary>
    /// <param name="name">Module and name.</param>
    public ModelFormatException Refusal(string name) =>
        Fault($"the pickle names '{name}', which no file of weights needs; nothing of it was run.");

    /// <summary>The error for a checkpoint that holds weights several times.</summary>
    /// <param name="keys">Where; at least two.</param>
    public ModelFormatException Ambiguity(IReadOnlyList<string> keys)
    {
        var named = NameList.Of([.. keys.Select(key => $"'{key}'")]);
        return new(
            _source,
            $"holds more than one dictionary of tensors: {named}.",
            $"Save the one that is wanted alone: {_part(keys[0])}."
        );
    }

    /// <summary>The error for a pickle that cannot be used.</summary>
    /// <param name="fault">What is wrong.</param>
    /// <param name="cause">The underlying exception, if any.</param>
    public ModelFormatException Fault(string fault, Exception? cause = null) => new(_source, fault, _remedy, cause);

    private protected void Know(string name, Func<PickleTuple, object?>? call = null) =>
        _globals.Add(name, new(name, call));

    private static PickleDictionary NewDictionary(PickleTuple arguments) =>
        arguments.Items.Length == 0
            ? new()
            : throw new InvalidDataException("an ordered dictionary made from arguments, expected none");
}
