using System.Collections.Immutable;

namespace ILGpuMobileNet.Network.Weights;

/// <summary>Finds the one dictionary of tensors in what a pickle holds: the object itself, or an entry of it.</summary>
internal static class StateDictionary
{
    /// <summary>Name of the metadata that says under which key of a checkpoint the tensors were.</summary>
    public const string KeyName = "state_dict key";

    /// <summary>Name of the metadata that says which prefix was taken from all names.</summary>
    public const string PrefixName = "stripped prefix";

    /// <summary>What data-parallel training puts before every name.</summary>
    private const string ParallelPrefix = "module.";

    /// <summary>
    /// Bytes of tensors a file may have for each of its own; more than one because tensors may share or repeat elements.
    /// </summary>
    private const int MaxGrowth = 16;

    private const int SmallSizeInBytes = 1 << 17;

    /// <summary>Finds the tensors.</summary>
    /// <param name="content">What the pickle holds.</param>
    /// <param name="fileSize">Bytes of the file.</param>
    /// <param name="vocabulary">Makes the errors.</param>
    /// <returns>The tensors with their names, and how they were found.</returns>
    /// <exception cref="ModelFormatException">There is no such dictionary, or more than one.</exception>
    public static (List<TensorPlace> Places, ImmutableDictionary<string, string> Metadata) Find(
        object? content,
        long fileSize,
        PickleVocabulary vocabulary
    )
    {
        var metadata = ImmutableDictionary.Create<string, string>(StringComparer.Ordinal);
        var places = PlacesOf(content);
        if (places is null)
        {
            (var key, places) = FindNested(content as PickleDictionary, vocabulary);
            metadata = metadata.Add(KeyName, key);
        }
        var size = places.Sum(place => Elements.SizeInBytes(place.Tensor.Type, place.ElementCount));
        if (size / MaxGrowth > fileSize + SmallSizeInBytes)
        {
            throw vocabulary.Fault($"its tensors would have {size} bytes, far more than the file's {fileSize}.");
        }
        if (places.TrueForAll(place => place.Tensor.Name.StartsWith(ParallelPrefix, StringComparison.Ordinal)))
        {
            places = places.ConvertAll(place => Named(place, place.Tensor.Name[ParallelPrefix.Length..]));
            metadata = metadata.Add(PrefixName, ParallelPrefix);
        }
        return (places, metadata);
    }

    private static (string Key, List<TensorPlace> Places) FindNested(
        PickleDictionary? checkpoint,
        PickleVocabulary vocabulary
    )
    {
        // One object may stand under many keys; it is looked at once.
        var found = (checkpoint?.Items ?? [])
            .DistinctBy(item => item.Value, ReferenceEqualityComparer.Instance)
            .Select(item => (Key: (item.Key as PickleBytes)?.Text, Places: PlacesOf(item.Value)))
            .Where(item => item.Key is not null && item.Places is not null)
            .ToList();
        return found switch
        {
            [var only] => (only.Key!, only.Places!),
            [] => throw vocabulary.Fault($"expected a dictionary of tensors, got {Describe(checkpoint)}."),
            _ => throw vocabulary.Ambiguity([.. found.Select(item => item.Key!)]),
        };
    }

    private static string Describe(PickleDictionary? checkpoint)
    {
        const int shownCount = 8;
        if (checkpoint is null)
        {
            return "another object";
        }
        if (checkpoint.Items.Count == 0)
        {
            return "an empty dictionary";
        }
        var keys = checkpoint.Items.Take(shownCount).Select(item => (item.Key as PickleBytes)?.Text ?? "?");
        return $"{checkpoint.Items.Count} entries that are not all tensors ('{string.Join("', '", keys)}')";
    }

    // Null unless every value is a tensor under a name.
    private static List<TensorPlace>? PlacesOf(object? value)
    {
        if (value is not PickleDictionary { Items: { Count: > 0 } items })
        {
            return null;
        }
        var places = new List<TensorPlace>(items.Count);
        foreach (var item in items)
        {
            if (item is not (PickleBytes { Text: { } name }, PickleTensor { Place: { } place }))
            {
                return null;
            }
            places.Add(Named(place, name));
        }
        return places;
    }

    private static TensorPlace Named(TensorPlace place, string name) =>
        place with
        {
            Tensor = place.Tensor with { Name = name },
        };
}
