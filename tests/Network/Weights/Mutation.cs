using System.Diagnostics;
using System.Text.Json;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Network.Tests.Weights;

/// <summary>Seeded mutations of valid files: flips, cuts, splices, repeats and inflated numbers.</summary>
internal static class Mutation
{
    private static readonly byte[][] _inflations =
    [
        [0xFF, 0xFF, 0xFF, 0xFF, 0x07],
        [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01],
        [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80],
        [0x00],
        "9223372036854775807"u8.ToArray(),
        "-1"u8.ToArray(),
    ];

    /// <summary>Half of a surrogate pair, a byte that is no UTF-8, and values of every kind.</summary>
    private static readonly byte[][] _replacements =
    [
        "\"\\ud800\""u8.ToArray(),
        [(byte)'"', 0xFF, (byte)'"'],
        "\"\""u8.ToArray(),
        "\"\\u001b[1m\\n\""u8.ToArray(),
        "1e999"u8.ToArray(),
        "-1"u8.ToArray(),
        "9223372036854775808"u8.ToArray(),
        "0.5"u8.ToArray(),
        "null"u8.ToArray(),
        "true"u8.ToArray(),
        "[]"u8.ToArray(),
        "[[7]]"u8.ToArray(),
        "{}"u8.ToArray(),
        "{\"\\udfff\":{}}"u8.ToArray(),
    ];

    /// <summary>Reads mutations of files and fails on any other exception, a slow case or a large allocation.</summary>
    /// <param name="seeds">Valid files.</param>
    /// <param name="caseCount">Mutations in all.</param>
    /// <param name="read">Reads a file.</param>
    /// <returns>How many were read without an error.</returns>
    public static int Run(IReadOnlyList<byte[]> seeds, int caseCount, Action<byte[]> read) =>
        Run(random => Mutate(random, seeds), caseCount, read);

    /// <summary>The same for JSON of which one text, number, name or list is replaced by something else.</summary>
    /// <param name="seeds">Valid files.</param>
    /// <param name="caseCount">Mutations in all.</param>
    /// <param name="read">Reads a file.</param>
    /// <returns>How many were read without an error.</returns>
    public static int RunJson(IReadOnlyList<byte[]> seeds, int caseCount, Action<byte[]> read)
    {
        var places = seeds.Select(JsonPlaces).ToList();
        return Run(
            random =>
            {
                var seed = random.Next(seeds.Count);
                var (begin, end) = places[seed][random.Next(places[seed].Count)];
                return
                [
                    .. seeds[seed][..begin],
                    .. _replacements[random.Next(_replacements.Length)],
                    .. seeds[seed][end..],
                ];
            },
            caseCount,
            read
        );
    }

    private static int Run(Func<Random, byte[]> mutate, int caseCount, Action<byte[]> read)
    {
        const int secondsPerCase = 60; // on any machine; a case takes milliseconds on a quiet one
        var accepted = 0;
        for (var seed = 0; seed < caseCount; seed++)
        {
            var random = new Random(seed);
            var file = mutate(random);
            var allocated = GC.GetAllocatedBytesForCurrentThread();
            var watch = Stopwatch.StartNew();
            accepted += Read(file, read, seed);
            allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
            Assert.True(watch.Elapsed.TotalSeconds < secondsPerCase, $"Seed {seed} took {watch.Elapsed}.");
            Assert.True(
                allocated < 64L * file.Length + (8 << 20),
                $"Seed {seed}: {allocated} bytes for {file.Length}."
            );
        }
        return accepted;
    }

    private static int Read(byte[] file, Action<byte[]> read, int seed)
    {
        try
        {
            read(file);
            return 1;
        }
        catch (ModelFormatException fault)
        {
            Assert.StartsWith($"{fault.File}: ", fault.Message, StringComparison.Ordinal);
            Assert.NotEmpty(fault.File);
            return 0;
        }
        catch (Exception fault)
        {
            throw new InvalidOperationException($"Seed {seed} let a {fault.GetType().Name} escape.", fault);
        }
    }

    /// <summary>Where its texts, numbers, names and lists are.</summary>
    private static List<(int Begin, int End)> JsonPlaces(byte[] json)
    {
        var places = new List<(int, int)>();
        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
            var begin = (int)reader.TokenStartIndex;
            if (reader.TokenType == JsonTokenType.StartArray)
            {
                var list = reader;
                list.Skip();
                places.Add((begin, (int)list.BytesConsumed));
            }
            else if (reader.TokenType is JsonTokenType.String or JsonTokenType.Number)
            {
                places.Add((begin, (int)reader.BytesConsumed));
            }
            else if (reader.TokenType == JsonTokenType.PropertyName)
            {
                places.Add((begin, begin + reader.ValueSpan.Length + 2));
            }
        }
        return places;
    }

    private static byte[] Mutate(Random random, IReadOnlyList<byte[]> seeds)
    {
        var file = seeds[random.Next(seeds.Count)];
        for (var count = random.Next(1, 5); count > 0; count--)
        {
            file = MutateOnce(random, file, seeds[random.Next(seeds.Count)]);
        }
        return file;
    }

    private static byte[] MutateOnce(Random random, byte[] file, byte[] other)
    {
        // Structure is at the front of these files as often as anywhere.
        var limit = random.Next(2) == 0 ? Math.Min(file.Length, 512) : file.Length;
        var at = random.Next(limit + 1);
        var end = Math.Min(file.Length, at + random.Next(1, 64));
        switch (random.Next(6))
        {
            case 0:
                var flipped = (byte[])file.Clone();
                if (at < flipped.Length)
                {
                    flipped[at] ^= (byte)(1 << random.Next(8));
                }
                return flipped;
            case 1:
                return file[..at];
            case 2:
                return [.. file[..at], .. file[end..]];
            case 3:
                return [.. file[..end], .. file[at..]];
            case 4:
                var from = random.Next(other.Length);
                return
                [
                    .. file[..at],
                    .. other[from..Math.Min(other.Length, from + random.Next(1, 256))],
                    .. file[end..],
                ];
            default:
                var inflation = _inflations[random.Next(_inflations.Length)];
                return [.. file[..at], .. inflation, .. file[Math.Min(file.Length, at + random.Next(3))..]];
        }
    }
}
