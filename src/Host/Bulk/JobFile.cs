using System.Text.Json;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Host.Bulk;

/// <summary>
/// The file beside the results that says how they were made. Who has it open is the only one that writes results; the
/// system gives it free when a process ends, however it does.
/// </summary>
internal sealed class JobFile : IDisposable
{
    /// <summary>Largest such file, in bytes.</summary>
    private const int MaximalLength = 1 << 20;

    private readonly FileStream _stream;
    private readonly string _results;

    private JobFile(FileStream stream, string results) => (_stream, _results) = (stream, results);

    /// <summary>Opens it and keeps others out.</summary>
    /// <param name="results">Path of the results.</param>
    /// <param name="mode">Whether it may be created.</param>
    /// <exception cref="IOException">Another process has it open, or it cannot be opened.</exception>
    /// <exception cref="ModelFormatException">It is missing.</exception>
    public static JobFile Open(string results, FileMode mode)
    {
        var path = PathOf(results);
        try
        {
            return new(new(path, mode, FileAccess.ReadWrite, FileShare.None, bufferSize: 0), results);
        }
        catch (FileNotFoundException fault)
        {
            throw new ModelFormatException(
                results,
                $"The file '{path}', which says how these results were made, is missing.",
                "Bring it back to resume the job, or name another output to start over.",
                fault
            );
        }
        catch (IOException fault) when (File.Exists(path))
        {
            throw new IOException(
                $"Another process seems to write '{results}', whose job file cannot be had alone: {fault.Message}",
                fault
            );
        }
    }

    /// <summary>Writes how results are made, before the first of them.</summary>
    /// <param name="provenance">What they depend on.</param>
    public void Write(Dictionary<string, string> provenance)
    {
        _stream.SetLength(0);
        _stream.Write(JsonSerializer.SerializeToUtf8Bytes(provenance, BulkJson.Indented.DictionaryStringString));
        _stream.Flush(flushToDisk: true);
    }

    /// <summary>Refuses to go on with results that were made otherwise.</summary>
    /// <param name="provenance">What results depend on now.</param>
    /// <exception cref="ModelFormatException">The file does not say how the results were made.</exception>
    /// <exception cref="ArgumentException">They were made otherwise; the message names both sides.</exception>
    public void Check(Dictionary<string, string> provenance)
    {
        var made = Read();
        var differences = made
            .Keys.Union(provenance.Keys)
            .Where(name => made.GetValueOrDefault(name) != provenance.GetValueOrDefault(name))
            .Select(name => $"{name} was {Value(made, name)}, now it is {Value(provenance, name)}")
            .ToList();
        if (differences.Count > 0)
        {
            throw new ArgumentException(
                $"'{_results}' was made otherwise: {string.Join("; ", differences)}. Resume it as it was begun, or name "
                    + "another output."
            );
        }
    }

    /// <summary>Lets others have it.</summary>
    public void Dispose() => _stream.Dispose();

    /// <summary>Where it lies.</summary>
    /// <param name="results">Path of the results.</param>
    public static string PathOf(string results) => results + ".job";

    private Dictionary<string, string> Read()
    {
        try
        {
            var made =
                _stream.Length <= MaximalLength
                    ? JsonSerializer.Deserialize(_stream, BulkJson.Indented.DictionaryStringString)
                    : null;
            return made ?? throw new JsonException("It is too large, or null.");
        }
        catch (JsonException fault)
        {
            throw new ModelFormatException(
                PathOf(_results),
                "It does not say how the results were made: it was changed or damaged.",
                "Bring it back as it was, or name another output to start over.",
                fault
            );
        }
    }

    private static string Value(Dictionary<string, string> items, string name) =>
        items.GetValueOrDefault(name) is { } value ? $"'{value}'" : "not stated";
}
