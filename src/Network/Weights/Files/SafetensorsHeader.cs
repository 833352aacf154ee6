using System.Collections.Immutable;
using System.Text.Json;

namespace ILGpuMobileNet.Network.Weights;

/// <summary>Parses the JSON header of a safetensors file, one token at a time and without building a document.</summary>
internal ref struct SafetensorsHeader
{
    /// <summary>Name of the header's entry that is not a tensor.</summary>
    public const string MetadataName = "__metadata__";

    private const string Remedy = "The file is damaged; write it again with a safetensors library.";
    private const int MaxDepth = 4;

    private readonly string _source;
    private Utf8JsonReader _json;

    private SafetensorsHeader(ReadOnlySpan<byte> header, string source)
    {
        _source = source;
        _json = new(header, new JsonReaderOptions { MaxDepth = MaxDepth });
    }

    /// <summary>Parses a header.</summary>
    /// <param name="header">The JSON text.</param>
    /// <param name="source">Path of the file.</param>
    /// <exception cref="ModelFormatException">The text is not JSON or not what the format asks for.</exception>
    /// <returns>The tensors in the order of the header, and the texts of its <c>__metadata__</c>.</returns>
    public static (List<SafetensorsEntry> Entries, ImmutableDictionary<string, string> Metadata) Parse(
        ReadOnlySpan<byte> header,
        string source
    )
    {
        try
        {
            return new SafetensorsHeader(header, source).ReadEntries();
        }
        catch (JsonException fault)
        {
            throw new ModelFormatException(source, $"the header is not valid JSON: {fault.Message}", Remedy, fault);
        }
        // The reader throws this for text that is not valid UTF-8.
        catch (InvalidOperationException fault)
        {
            throw new ModelFormatException(source, $"the header is not valid text: {fault.Message}", Remedy, fault);
        }
    }

    private (List<SafetensorsEntry>, ImmutableDictionary<string, string>) ReadEntries()
    {
        Expect(JsonTokenType.StartObject, "the header");
        var entries = new List<SafetensorsEntry>();
        ImmutableDictionary<string, string>? metadata = null;
        while (NextProperty("the header") is { } name)
        {
            CheckCount("tensors", entries.Count);
            if (name != MetadataName)
            {
                entries.Add(ReadEntry(name));
            }
            else
            {
                metadata = metadata is null ? ReadMetadata() : throw Fault($"the header has two '{MetadataName}'.");
            }
        }
        // Anything but white space after the object makes the reader throw.
        _json.Read();
        return (entries, metadata ?? ImmutableDictionary.Create<string, string>(StringComparer.Ordinal));
    }

    private ImmutableDictionary<string, string> ReadMetadata()
    {
        var metadata = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        Expect(JsonTokenType.StartObject, MetadataName);
        while (NextProperty(MetadataName) is { } name)
        {
            CheckCount("items of metadata", metadata.Count);
            Expect(JsonTokenType.String, $"'{name}' of {MetadataName}");
            if (!metadata.TryAdd(name, _json.GetString()!))
            {
                throw Fault($"{MetadataName} names '{name}' twice.");
            }
        }
        return metadata.ToImmutable();
    }

    private SafetensorsEntry ReadEntry(string name)
    {
        string? dtype = null;
        long[]? shape = null;
        long[]? offsets = null;
        var what = $"tensor '{name}'";
        Expect(JsonTokenType.StartObject, what);
        while (NextProperty(what) is { } property)
        {
            switch (property)
            {
                case "dtype" when dtype is null:
                    Expect(JsonTokenType.String, $"the dtype of {what}");
                    dtype = _json.GetString();
                    break;
                case "shape" when shape is null:
                    shape = ReadIntegers($"the shape of {what}", TensorSize.MaxRank);
                    break;
                case "data_offsets" when offsets is null:
                    offsets = ReadIntegers($"data_offsets of {what}", 2);
                    break;
                default:
                    throw Fault($"{what} has an unknown or repeated property '{property}'.");
            }
        }
        return dtype is null || shape is null || offsets is not [var begin, var end]
            ? throw Fault($"{what} lacks its dtype, its shape or its two data_offsets.")
            : Entry(name, dtype, shape, (begin, end));
    }

    private readonly SafetensorsEntry Entry(string name, string dtype, long[] shape, (long Begin, long End) offsets)
    {
        // Only a name is a dtype; Enum.TryParse would take numbers too.
        if (!Enum.TryParse<ElementType>(dtype, out var type) || dtype != type.ToString())
        {
            throw new ModelFormatException(
                _source,
                $"tensor '{name}' has dtype '{dtype}', expected {string.Join(", ", Enum.GetNames<ElementType>())}.",
                "Convert the weights to float32 before saving them."
            );
        }
        var text = string.Join(", ", shape);
        if (!TensorSize.TryCount(shape, out var count))
        {
            throw Fault(
                $"tensor '{name}' has shape [{text}]; axes must be at least 1 and hold fewer than 2^31 elements."
            );
        }
        var size = Elements.SizeInBytes(type, count);
        var (begin, end) = offsets;
        if (begin < 0 || end < begin || end - begin != size)
        {
            throw Fault($"tensor '{name}' [{text}] needs {size} bytes, but has data_offsets [{begin}, {end}].");
        }
        return new(new(name, [.. shape.Select(axis => (int)axis)], type), count, begin, end);
    }

    private long[] ReadIntegers(string what, int maxCount)
    {
        Expect(JsonTokenType.StartArray, what);
        var values = new List<long>(maxCount);
        while (_json.Read() && _json.TokenType != JsonTokenType.EndArray)
        {
            if (
                _json.TokenType != JsonTokenType.Number
                || !_json.TryGetInt64(out var value)
                || values.Count == maxCount
            )
            {
                throw Fault($"{what} is not a list of at most {maxCount} whole numbers below 2^63.");
            }
            values.Add(value);
        }
        return [.. values];
    }

    /// <summary>Checks, where as many are read as there may be, how many there are with the rest of the object.</summary>
    private readonly void CheckCount(string what, int readCount)
    {
        if (readCount < ListLimits.MostListed)
        {
            return;
        }
        var rest = _json;
        var depth = rest.CurrentDepth;
        var count = readCount;
        do
        {
            count += rest.TokenType == JsonTokenType.PropertyName && rest.CurrentDepth == depth ? 1 : 0;
        } while (rest.Read() && rest.CurrentDepth >= depth);
        ListLimits.CheckCount(_source, what, count);
    }

    private string? NextProperty(string what)
    {
        _json.Read();
        return _json.TokenType switch
        {
            JsonTokenType.PropertyName => _json.GetString(),
            JsonTokenType.EndObject => null,
            _ => throw Fault($"{what} is not an object."),
        };
    }

    private void Expect(JsonTokenType type, string what)
    {
        _json.Read();
        if (_json.TokenType != type)
        {
            throw Fault($"{what} is {_json.TokenType}, expected {type}.");
        }
    }

    private readonly ModelFormatException Fault(string fault) => new(_source, fault, Remedy);
}
