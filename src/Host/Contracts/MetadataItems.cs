using System.Collections.Immutable;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Host;

/// <summary>Reads items of a file's metadata; one that is missing or makes no sense is an error that names it.</summary>
/// <param name="metadata">The metadata.</param>
/// <param name="prefix">What the items' names begin with.</param>
/// <param name="path">The file, for errors.</param>
internal sealed class MetadataItems(ImmutableDictionary<string, string> metadata, string prefix, string path)
{
    /// <summary>Characters of an item or a label that messages show; a stranger's can have megabytes.</summary>
    public const int ShownLength = 40;

    private const int LongestItem = 1000;
    private const string Remedy = "Convert the original file again.";

    /// <summary>An item that has to be there.</summary>
    /// <param name="key">Its name without the prefix.</param>
    /// <param name="parse">Reads its text; throws <see cref="ArgumentException"/> on text that makes no sense.</param>
    /// <exception cref="ModelFormatException">It is missing or makes no sense.</exception>
    public T Required<T>(string key, Func<string, T> parse) =>
        metadata.TryGetValue(prefix + key, out var text)
            ? Parse(key, text, parse)
            : throw Fault($"its metadata lack '{prefix}{key}'.");

    /// <summary>An item that need not be there.</summary>
    /// <param name="key">Its name without the prefix.</param>
    /// <param name="parse">Reads its text; throws <see cref="ArgumentException"/> on text that makes no sense.</param>
    /// <param name="longest">Most characters that it may have.</param>
    /// <exception cref="ModelFormatException">It makes no sense.</exception>
    public T? Optional<T>(string key, Func<string, T> parse, int longest = LongestItem) =>
        metadata.TryGetValue(prefix + key, out var text) ? Parse(key, text, parse, longest) : default;

    /// <summary>Refuses items that there are not, such as a misspelt one: its meaning would be lost unseen.</summary>
    /// <param name="keys">Names without the prefix of all items that there are.</param>
    /// <exception cref="ModelFormatException">There is one.</exception>
    public void RefuseOthers(IReadOnlySet<string> keys)
    {
        var other = metadata
            .Keys.Where(key => key.StartsWith(prefix, StringComparison.Ordinal) && !keys.Contains(key[prefix.Length..]))
            .Min(StringComparer.Ordinal);
        if (other is not null)
        {
            throw Fault(
                $"there is no item '{ShownText.Short(other, ShownLength)}' in metadata, expected {string.Join(", ", keys)}."
            );
        }
    }

    /// <summary>The error of items that make no sense together.</summary>
    /// <param name="fault">What was got and what was expected, a sentence.</param>
    /// <param name="remedy">What else can be done about it than to convert again; a sentence, or nothing.</param>
    public ModelFormatException Fault(string fault, string remedy = "") =>
        new(path, fault, $"{Remedy} {remedy}".TrimEnd());

    /// <summary>Checks an item that can have one value only.</summary>
    /// <param name="key">Its name without the prefix.</param>
    /// <param name="expected">The value.</param>
    /// <exception cref="ModelFormatException">It is missing or another.</exception>
    public void Expect(string key, string expected) =>
        Required(
            key,
            text =>
                text == expected
                    ? text
                    : throw new ArgumentException($"'{ShownText.Short(text, ShownLength)}' is not {expected}.")
        );

    private T Parse<T>(string key, string text, Func<string, T> parse, int longest = LongestItem)
    {
        try
        {
            return text.Length <= longest
                ? parse(text)
                : throw new ArgumentException($"it has {text.Length} characters, at most {longest} were expected.");
        }
        catch (ArgumentException fault)
        {
            var message = ShownText.Short(fault.Message, 8 * ShownLength);
            throw new ModelFormatException(path, $"its metadata have a bad '{prefix}{key}': {message}", Remedy, fault);
        }
    }
}
