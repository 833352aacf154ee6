using System.Buffers;
using System.Text;

namespace ILGpuMobileNet.Host.Bulk;

/// <summary>Fields of a record in CSV, as RFC 4180 quotes them.</summary>
internal static class CsvFields
{
    private static readonly SearchValues<char> s_special = SearchValues.Create("\",\r\n");

    /// <summary>A record of fields, without its line end.</summary>
    /// <param name="fields">The fields; a null character in one, which no text file holds, is replaced.</param>
    public static byte[] Join(IEnumerable<string> fields) =>
        Encoding.UTF8.GetBytes(string.Join(',', fields.Select(Quote)));

    /// <summary>The fields of a record.</summary>
    /// <param name="record">The record, without its line end.</param>
    /// <returns>Null where it is not quoted as it should be.</returns>
    public static List<string>? Split(ReadOnlySpan<byte> record)
    {
        var text = Encoding.UTF8.GetString(record);
        var fields = new List<string>();
        var start = 0;
        while (EndOf(text, start) is { } end)
        {
            var field = text[start..end];
            fields.Add(field.StartsWith('"') ? field[1..^1].Replace("\"\"", "\"", StringComparison.Ordinal) : field);
            if (end == text.Length)
            {
                return fields;
            }
            start = end + 1;
        }
        return null;
    }

    private static string Quote(string field)
    {
        var text = field.Replace('\0', '\uFFFD');
        return text.AsSpan().ContainsAny(s_special)
            ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
            : text;
    }

    /// <summary>Where a field ends; null where its quotes do not pair.</summary>
    private static int? EndOf(string text, int start)
    {
        if (start == text.Length || text[start] != '"')
        {
            var length = text.AsSpan(start).IndexOfAny(s_special);
            var end = length < 0 ? text.Length : start + length;
            return end == text.Length || text[end] == ',' ? end : null;
        }
        var close = ClosingQuote(text, start + 1);
        return close > 0 && (close + 1 == text.Length || text[close + 1] == ',') ? close + 1 : null;
    }

    // Two quotes are one of the text.
    private static int ClosingQuote(string text, int from)
    {
        while (text.IndexOf('"', from) is >= 0 and var quote)
        {
            if (quote + 1 == text.Length || text[quote + 1] != '"')
            {
                return quote;
            }
            from = quote + 2;
        }
        return -1;
    }
}
