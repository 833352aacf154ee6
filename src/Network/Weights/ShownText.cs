using System.Globalization;
using System.Text;

namespace ILGpuMobileNet.Network.Weights;

/// <summary>Texts of a stranger's file in messages: there they have a bounded length, and stay on their line.</summary>
internal static class ShownText
{
    /// <summary>Characters that a text in quotes is shown with; names of tensors have fewer.</summary>
    private const int QuotedLength = 200;

    /// <summary>Characters of a message, which may name 200 tensors.</summary>
    private const int MessageLength = 40_000;

    /// <summary>A message in whose quotes anything may stand: <c>tensor 'a...' has</c>.</summary>
    /// <param name="message">One or several sentences.</param>
    public static string Of(string message)
    {
        var shown = new StringBuilder();
        var at = 0;
        for (var from = 0; shown.Length <= MessageLength && Opening(message, from) is { } begin; from = at + 1)
        {
            var end = Closing(message, begin);
            shown.Append(message, at, begin - at).Append(Short(message[begin..end], QuotedLength));
            at = end;
        }
        return OneLine(Short(shown.Append(message, at, message.Length - at).ToString(), MessageLength));
    }

    /// <summary>The start of a text that is longer than it may be, and how long it is.</summary>
    /// <param name="text">The text.</param>
    /// <param name="length">Characters that are shown at most.</param>
    public static string Short(string text, int length) =>
        text.Length <= length
            ? text
            : string.Create(CultureInfo.InvariantCulture, $"{text.AsSpan(0, length)}... ({text.Length:N0} characters)");

    /// <summary>A text without what ends a line or steers a terminal: those characters by their numbers.</summary>
    /// <param name="text">The text.</param>
    public static string OneLine(string text)
    {
        if (!text.Any(IsSteering))
        {
            return text;
        }
        var shown = new StringBuilder();
        foreach (var character in text)
        {
            _ = IsSteering(character) ? shown.Append($"\\u{(int)character:X4}") : shown.Append(character);
        }
        return shown.ToString();
    }

    private static bool IsSteering(char character) =>
        char.GetUnicodeCategory(character)
            is UnicodeCategory.Control
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator;

    /// <summary>Where the next text in quotes begins; after a letter a quote is an apostrophe.</summary>
    private static int? Opening(string message, int from)
    {
        for (var i = from; i < message.Length; i++)
        {
            if (message[i] == '\'' && !IsWord(message, i - 1))
            {
                return i + 1;
            }
        }
        return null;
    }

    /// <summary>Where it ends: before a quote that no word follows, else with the message.</summary>
    private static int Closing(string message, int begin)
    {
        for (var i = begin; i < message.Length; i++)
        {
            if (message[i] == '\'' && !IsWord(message, i + 1))
            {
                return i;
            }
        }
        return message.Length;
    }

    private static bool IsWord(string message, int index) =>
        index >= 0 && index < message.Length && char.IsLetterOrDigit(message[index]);
}
