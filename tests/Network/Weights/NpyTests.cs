using System.Text;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Network.Tests.Weights;

public class NpyTests
{
    [Theory]
    [InlineData()]
    [InlineData(5)]
    [InlineData(2, 3)]
    [InlineData(1, 3, 4, 5)]
    public void What_is_written_is_read_back(params int[] shape)
    {
        using var file = new TemporaryFile();
        var data = Enumerable.Range(0, shape.Aggregate(1, (a, b) => a * b)).Select(i => i - 0.5f).ToArray();
        Npy.Write(file.Path, new Tensor([.. shape], data));
        var read = Npy.Read(file.Path);
        Assert.Equal(shape, read.Shape);
        Assert.Equal(data, read.Data.ToArray());
    }

    [Fact]
    public void The_header_is_what_NumPy_writes()
    {
        using var stream = new MemoryStream();
        Npy.Write(stream, new Tensor([2, 3], new float[6]));
        var file = stream.ToArray();
        // numpy.save of zeros((2, 3), '<f4'): 128 bytes of preamble and header.
        var expected = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }".PadRight(117) + "\n";
        Assert.Equal([0x93, .. "NUMPY"u8, 1, 0, 118, 0], file[..10]);
        Assert.Equal(expected, Encoding.ASCII.GetString(file, 10, 118));
        Assert.Equal(128 + 24, file.Length);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Every_version_of_the_format_is_read(byte version)
    {
        var read = Read(File(version, Header("<f4", "False", "(2,)"), 8));
        Assert.Equal<IEnumerable<int>>([2], [.. read.Shape]);
    }

    [Theory]
    [InlineData("<i8", "astype")]
    [InlineData(">f4", "astype")]
    [InlineData("|u1", "astype")]
    public void Other_dtypes_are_refused_with_the_remedy(string dtype, string remedy) =>
        AssertFault(File(1, Header(dtype, "False", "(2,)"), 8), dtype, remedy);

    [Theory]
    [InlineData("<f2", new byte[] { 0, 0x3E, 0, 0xC1 })]
    [InlineData("<f4", new byte[] { 0, 0, 0xC0, 0x3F, 0, 0, 0x20, 0xC0 })]
    [InlineData("<f8", new byte[] { 0, 0, 0, 0, 0, 0, 0xF8, 0x3F, 0, 0, 0, 0, 0, 0, 4, 0xC0 })]
    public void Floating_point_numbers_of_every_size_are_read(string dtype, byte[] data)
    {
        var read = Read([.. File(1, Header(dtype, "False", "(2,)"), 0), .. data]);
        Assert.Equal([1.5f, -2.5f], read.Data.ToArray());
    }

    [Fact]
    public void Fortran_order_is_turned_into_row_major_order()
    {
        float[] columns = [1, 4, 2, 5, 3, 6];
        var read = Read([.. File(1, Header("<f4", "True", "(2, 3)"), 0), .. columns.SelectMany(BitConverter.GetBytes)]);
        Assert.Equal<IEnumerable<int>>([2, 3], [.. read.Shape]);
        Assert.Equal([1f, 2, 3, 4, 5, 6], read.Data.ToArray());
    }

    [Theory]
    [InlineData("(3,)")]
    [InlineData("(0,)")]
    [InlineData("(4294967296, 4294967296)")]
    [InlineData("(65536, 65536)")]
    [InlineData("(99999999999999999999,)")]
    [InlineData("(1, 1, 1, 1, 1, 1, 1, 1, 2)")]
    [InlineData("(1 1,)")]
    public void Shapes_must_fit_the_data(string shape) =>
        AssertFault(File(1, Header("<f4", "False", shape), 8), "shape");

    [Theory]
    [InlineData("{}")]
    [InlineData("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,), }")]
    [InlineData("{'descr': '<f4', 'fortran_order': Maybe, 'shape': (2,), }")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (-2,), }")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), } __import__('os')")]
    public void Headers_must_be_what_NumPy_writes(string header) => AssertFault(File(1, header, 8), "header");

    [Fact]
    public void Later_versions_are_refused() => AssertFault(File(4, Header("<f4", "False", "(2,)"), 8), "version 4");

    [Fact]
    public void A_header_longer_than_the_file_is_refused()
    {
        var file = File(2, Header("<f4", "False", "(2,)"), 8);
        file[10] = 0xFF;
        file[11] = 0xFF;
        AssertFault(file, "its header would have");
    }

    [Fact]
    public void A_long_run_of_spaces_takes_no_time() =>
        AssertFault(File(1, Header("<f4", "False", "(2,)") + new string(' ', 60_000) + "x", 8), "header");

    [Fact]
    public void Every_cut_of_a_file_is_an_error()
    {
        var file = File(1, Header("<f4", "False", "(2,)"), 8);
        Assert.All(
            Enumerable.Range(0, file.Length),
            length => Assert.Throws<ModelFormatException>(() => Read(file[..length]))
        );
    }

    internal static byte[] File(byte version, string header, int dataSize)
    {
        var length = version == 1 ? BitConverter.GetBytes((ushort)header.Length) : BitConverter.GetBytes(header.Length);
        return [0x93, .. "NUMPY"u8, version, 0, .. length, .. Encoding.ASCII.GetBytes(header), .. new byte[dataSize]];
    }

    internal static Tensor Read(byte[] file)
    {
        using var stream = new MemoryStream(file);
        return Npy.Read(stream, file.Length, "x.npy", CancellationToken.None);
    }

    private static string Header(string dtype, string fortran, string shape) =>
        $"{{'descr': '{dtype}', 'fortran_order': {fortran}, 'shape': {shape}, }}";

    private static void AssertFault(byte[] file, params string[] parts)
    {
        var fault = Assert.Throws<ModelFormatException>(() => Read(file));
        Assert.All(parts, part => Assert.Contains(part, fault.Message, StringComparison.Ordinal));
    }
}
