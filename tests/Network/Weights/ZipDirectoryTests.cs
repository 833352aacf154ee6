using ILGpuMobileNet.Network.Weights;
using static ILGpuMobileNet.Network.Tests.Weights.ZipWriter;

namespace ILGpuMobileNet.Network.Tests.Weights;

public class ZipDirectoryTests
{
    private static readonly byte[] _eight = [1, 2, 3, 4, 5, 6, 7, 8];

    [Fact]
    public void Entries_are_found_where_their_data_is()
    {
        var archive = Archive(("a", _eight), ("folder/", []), ("folder/b", [9]));
        var entries = Read(archive);
        Assert.Equal(["a", "folder/b"], entries.Select(entry => entry.Name));
        Assert.Equal(_eight, archive[(int)entries[0].Offset..][..(int)entries[0].Size]);
        Assert.Equal(9, archive[entries[1].Offset]);
    }

    [Fact]
    public void A_comment_at_the_end_is_skipped() =>
        Assert.Single(Read(new ZipWriter().Add(new("a", _eight)).Finish(note: "PK\u0005\u0006 a note")));

    [Fact]
    public void Wide_sizes_and_offsets_are_read()
    {
        byte[] extra = [0xFE, 0xCA, 1, 0, 7, 1, 0, 24, 0, .. Wide(8), .. Wide(8), .. Wide(0)];
        var writer = new ZipWriter().Add(
            new("a", _eight)
            {
                ClaimedSize = uint.MaxValue,
                StoredSize = uint.MaxValue,
                Start = uint.MaxValue,
                Extra = extra,
            }
        );
        var size = 46 + 1 + extra.Length;
        var start = 30 + 1 + 8;
        var archive = writer.Finish(uint.MaxValue, uint.MaxValue, [.. WideEnd(size, start), .. Locator(start + size)]);
        Assert.Equal(new ZipEntry("a", 31, 8, 8, IsDeflated: false), Assert.Single(Read(archive)));
    }

    [Theory]
    [InlineData("../a")]
    [InlineData("a/../../b")]
    [InlineData("/etc/passwd")]
    [InlineData("..\\a")]
    [InlineData("a/..")]
    [InlineData("")]
    public void Names_that_leave_the_folder_are_refused(string name) =>
        AssertFault(Archive((name, _eight)), $"'{name}' would leave its folder");

    public static TheoryData<string, byte[]> Traps =>
        new()
        {
            { "is encrypted", With(new Entry("a", _eight) { Flags = 1 }) },
            { "method 12", With(new Entry("a", _eight) { Method = 12 }) },
            { "claims 9 bytes made of 8", With(new Entry("a", _eight) { ClaimedSize = 9 }) },
            { "claims 99000 bytes made of 8", With(new Entry("a", _eight) { ClaimedSize = 99000, Method = 8 }) },
            {
                "claims 1073741825 bytes",
                With(new Entry("a", new byte[2 << 20]) { ClaimedSize = (1 << 30) + 1, Method = 8 })
            },
            { "another name", With(new Entry("a", _eight) { LocalName = "b" }) },
            { "another name", With(new Entry("a", _eight) { LocalName = "ab" }) },
            { "another name", With(new Entry("a", _eight) { Start = 1 }) },
            { "not in the archive", With(new Entry("a", _eight) { Start = 500 }) },
            { "overlaps what follows", With(new Entry("a", _eight) { StoredSize = 9, ClaimedSize = 9 }) },
            { "overlaps", With(new Entry("a", _eight), new Entry("a2", _eight) { Start = 0 }) },
            { "two entries 'a'", With(new Entry("a", _eight), new Entry("a", _eight)) },
            { "claims -1 bytes", With(Negative(-1, -1, 0)) },
            { "not in the archive", With(Negative(8, 8, -1)) },
            { "not in the archive", With(Negative(8, 8, long.MaxValue)) },
            { "overlaps what follows", With(Negative(long.MaxValue, long.MaxValue, 0)) },
            { "no end record", [1, 2, 3] },
            { "no end record", new byte[100_000] },
            { "entry 0 of its directory is none", new ZipWriter().Add(new("a", _eight)).Finish(directoryStart: 0) },
            { "leaves its directory", new ZipWriter().Add(new("a", _eight)).Finish(directorySize: 46) },
            { "would have 4000 bytes", new ZipWriter().Add(new("a", _eight)).Finish(directorySize: 4000) },
            { "would have 47 bytes at byte 4000", new ZipWriter().Add(new("a", _eight)).Finish(directoryStart: 4000) },
            { "which is missing", new ZipWriter().Finish(directoryStart: uint.MaxValue) },
            { "which is missing", new ZipWriter().Finish(directoryStart: uint.MaxValue, before: new byte[20]) },
            { "would be at byte -1", new ZipWriter().Finish(directoryStart: uint.MaxValue, before: Locator(-1)) },
            { "would be at byte 99", new ZipWriter().Finish(directoryStart: uint.MaxValue, before: Locator(99)) },
            {
                "no wide end record",
                new ZipWriter().Finish(directoryStart: uint.MaxValue, before: [.. new byte[40], .. Locator(0)])
            },
            {
                "would have -1 bytes",
                new ZipWriter().Finish(directoryStart: uint.MaxValue, before: [.. WideEnd(-1, 0), .. Locator(0)])
            },
            {
                "would have 1 bytes at byte 9223372036854775807",
                new ZipWriter().Finish(
                    directoryStart: uint.MaxValue,
                    before: [.. WideEnd(1, long.MaxValue), .. Locator(0)]
                )
            },
        };

    [Theory]
    [MemberData(nameof(Traps))]
    public void Traps_are_refused(string expected, byte[] archive) => AssertFault(archive, expected);

    [Fact]
    public void A_directory_that_is_too_large_is_refused()
    {
        const int size = (16 << 20) + 1;
        AssertFault(
            [.. new byte[size], .. new ZipWriter().Finish(directorySize: size, directoryStart: 0)],
            "at most 16777216"
        );
    }

    [Fact]
    public void Every_cut_of_an_archive_is_an_error()
    {
        var archive = Archive(("a", _eight), ("b", _eight));
        Assert.All(
            Enumerable.Range(0, archive.Length),
            length => Assert.Throws<ModelFormatException>(() => Read(archive[..length]))
        );
    }

    private static Entry Negative(long size, long storedSize, long start) =>
        new("a", _eight)
        {
            ClaimedSize = uint.MaxValue,
            StoredSize = uint.MaxValue,
            Start = uint.MaxValue,
            Extra = [1, 0, 24, 0, .. Wide(size), .. Wide(storedSize), .. Wide(start)],
        };

    private static byte[] With(params Entry[] entries) =>
        entries.Aggregate(new ZipWriter(), (writer, entry) => writer.Add(entry)).Finish();

    private static byte[] Wide(long value) => BitConverter.GetBytes(value);

    private static byte[] Locator(long at) => [.. "PK\u0006\u0007"u8, 0, 0, 0, 0, .. Wide(at), 1, 0, 0, 0];

    private static byte[] WideEnd(long size, long start) =>
        [.. "PK\u0006\u0006"u8, .. new byte[36], .. Wide(size), .. Wide(start)];

    private static List<ZipEntry> Read(byte[] archive) =>
        ZipDirectory.Read(new MemoryStream(archive), "x.zip", CancellationToken.None);

    private static void AssertFault(byte[] archive, string expected)
    {
        var fault = Assert.Throws<ModelFormatException>(() => Read(archive));
        Assert.Equal("x.zip", fault.File);
        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
    }
}
