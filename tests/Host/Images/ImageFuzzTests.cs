using System.Diagnostics;

namespace ILGpuMobileNet.Host.Tests.Images;

public class ImageFuzzTests
{
    private const int MutationCount = 3000;
    private const int PixelLimit = 250_000;
    private const long LargestAllocationInBytes = 64L << 20;
    private static readonly TimeSpan LongestDecode = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData("png-", 1)]
    [InlineData("jpeg-", 2)]
    [InlineData("bmp-", 3)]
    [InlineData("pnm-", 4)]
    public void Damaged_files_decode_or_are_faults_in_bounded_time_and_memory(string prefix, int seed)
    {
        var files = Directory.GetFiles(GoldenArrays.Folder, prefix + "*").Order(StringComparer.Ordinal);
        byte[][] valid = [.. files.Select(File.ReadAllBytes)];
        var random = new Random(seed);
        var faultCount = 0;
        for (var i = 0; i < MutationCount; i++)
        {
            var bytes = Mutate(random, valid);
            faultCount += Decodes(bytes, $"{prefix} mutation {i}") ? 0 : 1;
        }
        // Mutations that seldom break anything would test little; ImageSharp overlooks more.
        Assert.InRange(faultCount, MutationCount / (CodecDifferences.IsBuiltIn ? 4 : 20), MutationCount);
    }

    [Theory]
    [InlineData(5)]
    public void Damage_under_right_checksums_is_survived(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < MutationCount; i++)
        {
            var header = PngEditing.Header(
                (uint)random.Next(1, 40),
                (uint)random.Next(1, 40),
                Depth(random),
                Colour(random),
                (byte)random.Next(2)
            );
            var palette = PngEditing.Chunk("PLTE", RandomBytes(random, 3 * random.Next(1, 260)));
            var pixels = PngEditing.Pixels(RandomBytes(random, random.Next(3000), largest: 5));
            var exif = PngEditing.Chunk("eXIf", [.. "II*\0"u8, .. RandomBytes(random, random.Next(40), largest: 9)]);
            Decodes(PngEditing.File(header, palette, exif, pixels, PngEditing.End), $"PNG {i}");
        }
    }

    private static byte Depth(Random random) => (byte)(1 << random.Next(5));

    private static byte Colour(Random random) => (byte)random.Next(7);

    private static byte[] RandomBytes(Random random, int count, int largest = 256) =>
        [.. Enumerable.Range(0, count).Select(_ => (byte)random.Next(largest))];

    private static bool Decodes(byte[] bytes, string name)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var clock = Stopwatch.StartNew();
        var exception = Record.Exception(() => ImageFile.Decode(bytes, name, PixelLimit));
        Assert.True(clock.Elapsed < LongestDecode, $"{name} took {clock.Elapsed}.");
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(allocated < LargestAllocationInBytes, $"{name} took {allocated} bytes.");
        Assert.True(exception is null or ImageFormatException, $"{name}: {exception}");
        return exception is null;
    }

    private static byte[] Mutate(Random random, byte[][] valid)
    {
        var bytes = (byte[])valid[random.Next(valid.Length)].Clone();
        for (var count = random.Next(1, 4); count > 0 && bytes.Length > 8; count--)
        {
            bytes = MutateOnce(random, valid, bytes);
        }
        return bytes;
    }

    private static byte[] MutateOnce(Random random, byte[][] valid, byte[] bytes)
    {
        // Half of the damage goes into the headers, which decide sizes.
        var at = random.Next(2) == 0 ? random.Next(bytes.Length) : random.Next(Math.Min(bytes.Length, 64));
        var other = valid[random.Next(valid.Length)];
        switch (random.Next(6))
        {
            case 0:
                bytes[at] ^= (byte)(1 << random.Next(8));
                return bytes;
            case 1:
                bytes[at] = (byte)random.Next(256);
                return bytes;
            case 2:
                bytes
                    .AsSpan(at, Math.Min(random.Next(1, 5), bytes.Length - at))
                    .Fill(random.Next(2) == 0 ? (byte)0xFF : (byte)0x7F);
                return bytes;
            case 3:
                return bytes[..at];
            case 4:
                return [.. bytes[..at], .. other[random.Next(other.Length)..]];
            default:
                return [.. bytes[..at], .. bytes[Math.Min(at, bytes.Length / 2)..]];
        }
    }
}
