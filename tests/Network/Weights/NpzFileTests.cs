using ILGpuMobileNet.Network.Weights;
using ILGpuMobileNet.Reference;

namespace ILGpuMobileNet.Network.Tests.Weights;

public class NpzFileTests
{
    public static TheoryData<string> Goldens => ["stored.npz", "deflated.npz"];

    [Fact]
    public void What_is_written_is_read_and_the_same_bytes_every_time()
    {
        using var folder = new TemporaryFolder();
        (string, Tensor)[] arrays =
        [
            ("a/b", new Tensor([2, 3], new float[] { 1, 2, 3, 4, 5, float.NaN })),
            ("c", new Tensor([], new float[] { 7 })),
        ];
        NpzFile.Write(folder.PathOf("x.npz"), arrays);
        NpzFile.Write(folder.PathOf("y.npz"), arrays);
        using var file = NpzFile.Open(folder.PathOf("x.npz"));
        Assert.Equal<string>(["a/b", "c"], file.Names);
        Assert.Equal(arrays[0].Item2.Data.ToArray(), file.Read("a/b").Data.ToArray());
        Assert.Empty(file.Read("c").Shape);
        Assert.Equal(File.ReadAllBytes(folder.PathOf("x.npz")), File.ReadAllBytes(folder.PathOf("y.npz")));
    }

    [Theory]
    [MemberData(nameof(Goldens))]
    public void Archives_of_NumPy_are_read(string golden)
    {
        using var file = NpzFile.Open(WeightGoldens.PathOf(golden));
        Assert.Equal<IEnumerable<string>>(
            ["single", "double", "half", "fortran", "scalar", "features.0/conv"],
            [.. file.Names]
        );
        WeightGoldens.AssertFormula(file.Read, "single", [2, 3, 4]);
        WeightGoldens.AssertFormula(file.Read, "double", [5]);
        WeightGoldens.AssertFormula(file.Read, "half", [3, 2], value => (float)(Half)value);
        WeightGoldens.AssertFormula(file.Read, "fortran", [3, 4, 2]);
        WeightGoldens.AssertFormula(file.Read, "scalar", []);
        WeightGoldens.AssertFormula(file.Read, "features.0/conv", [1, 2]);
    }

    [Fact]
    public void A_closed_archive_is_not_read()
    {
        var file = NpzFile.Open(WeightGoldens.PathOf("stored.npz"));
        file.Dispose();
        Assert.Throws<ObjectDisposedException>(() => file.Read("single"));
    }

    [Fact]
    public void An_array_that_is_not_there_is_a_KeyNotFoundException()
    {
        using var file = NpzFile.Open(WeightGoldens.PathOf("stored.npz"));
        Assert.Throws<KeyNotFoundException>(() => file.Read("triple"));
    }

    [Fact]
    public void What_is_no_archive_is_called_what_it_is() =>
        AssertFault("looks like a text file", "words and words and words"u8.ToArray());

    [Fact]
    public void An_archive_of_something_else_names_it() =>
        AssertFault("'archive/data.pkl'", ZipWriter.Archive(("a.npy", Array(2)), ("archive/data.pkl", [1])));

    [Fact]
    public void Opening_reads_the_directory_and_nothing_else()
    {
        using var counted = new CountingStream(
            new MemoryStream(ZipWriter.Archive(("a.npy", Array(1 << 20)), ("b.npy", Array(1 << 20))))
        );
        using var file = NpzFile.Open(counted, "x.npz", CancellationToken.None);
        Assert.Equal<IEnumerable<string>>(["a", "b"], [.. file.Names]);
        Assert.InRange(counted.BytesRead, 1, 100_000);
    }

    [Fact]
    public void A_stored_array_that_is_no_array_is_named() =>
        AssertReadFault(["array 'a'", "expected a NumPy .npy file"], new("a.npy", [1, 2, 3]));

    [Fact]
    public void A_bomb_is_refused_before_anything_is_allocated()
    {
        // A header that asks for 2 GiB in front of a megabyte of zeros.
        var bomb = NpyTests.File(1, "{'descr': '<f4', 'fortran_order': False, 'shape': (536870912,), }", 1 << 20);
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        AssertReadFault(["needs 2147483648 bytes"], Deflated(bomb, bomb.Length));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - allocated, 0, 16 << 20);
    }

    [Fact]
    public void An_array_that_inflates_to_more_or_less_than_it_claims_is_damaged()
    {
        var content = Array(100);
        AssertReadFault(["inflates to more"], Deflated([.. content, 0], content.Length));
        AssertReadFault(["damaged"], Deflated(content[..^1], content.Length));
    }

    [Fact]
    public void Data_that_does_not_inflate_is_damaged() =>
        AssertReadFault(["damaged"], new("a.npy", [.. Enumerable.Repeat((byte)0xFF, 100)]) { Method = 8 });

    private static ZipWriter.Entry Deflated(byte[] content, int claimedSize) =>
        new("a.npy", ZipWriter.Deflate(content)) { Method = 8, ClaimedSize = (uint)claimedSize };

    private static byte[] Array(int count)
    {
        using var stream = new MemoryStream();
        Npy.Write(stream, new Tensor([count], new float[count]));
        return stream.ToArray();
    }

    private static void AssertFault(string expected, byte[] content)
    {
        var fault = Assert.Throws<ModelFormatException>(() =>
            NpzFile.Open(new MemoryStream(content), "x.npz", CancellationToken.None)
        );
        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
    }

    private static void AssertReadFault(string[] parts, ZipWriter.Entry entry)
    {
        var archive = new MemoryStream(new ZipWriter().Add(entry).Finish());
        using var file = NpzFile.Open(archive, "x.npz", CancellationToken.None);
        var fault = Assert.Throws<ModelFormatException>(() => file.Read("a"));
        Assert.All(parts, part => Assert.Contains(part, fault.Message, StringComparison.Ordinal));
    }
}
