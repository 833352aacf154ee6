using ILGpuMobileNet.Network.Weights;
using static ILGpuMobileNet.Network.Tests.Weights.PickleWriter;

namespace ILGpuMobileNet.Network.Tests.Weights;

public class PaddleFileTests
{
    [Theory]
    [InlineData("plain0.pdparams")]
    [InlineData("plain1.pdparams")]
    [InlineData("plain2.pdparams")]
    [InlineData("plain3.pdparams")]
    [InlineData("plain4.pdparams")]
    [InlineData("plain5.pdparams")]
    [InlineData("python2_0.pdparams")]
    [InlineData("python2_1.pdparams")]
    [InlineData("python2_2.pdparams")]
    public void State_dicts_of_every_protocol_are_read(string golden)
    {
        using var file = WeightFiles.Open(WeightGoldens.PathOf(golden));
        Assert.Equal(WeightFormat.Paddle, file.Format);
        Assert.Equal(
            ["conv.weight", "fc.weight", "half", "double", "steps", "scalar", "long"],
            file.Tensors.Select(tensor => tensor.Name)
        );
        WeightGoldens.AssertFormula(file.Read, "conv.weight", [4, 3, 3, 3]);
        WeightGoldens.AssertFormula(file.Read, "fc.weight", [4, 2]);
        WeightGoldens.AssertFormula(file.Read, "half", [3, 2], value => (float)(Half)value);
        WeightGoldens.AssertFormula(file.Read, "double", [3, 2]);
        WeightGoldens.AssertFormula(file.Read, "scalar", []);
        WeightGoldens.AssertFormula(file.Read, "long", [40, 33]);
        Assert.Equal(ElementType.I64, file.Tensors[4].Type);
    }

    [Theory]
    [InlineData("nested0.pdparams")]
    [InlineData("nested1.pdparams")]
    [InlineData("nested2.pdparams")]
    [InlineData("nested3.pdparams")]
    [InlineData("nested4.pdparams")]
    [InlineData("nested5.pdparams")]
    public void Parameters_with_their_own_names_are_read_under_the_dictionary_s(string golden)
    {
        using var file = WeightFiles.Open(WeightGoldens.PathOf(golden));
        Assert.Equal("model", file.Metadata["state_dict key"]);
        WeightGoldens.AssertFormula(file.Read, "w", [3]);
    }

    [Fact]
    public void Every_cut_of_a_file_is_an_error() =>
        Assert.All(
            new[]
            {
                "plain0.pdparams",
                "plain2.pdparams",
                "plain4.pdparams",
                "plain5.pdparams",
                "python2_0.pdparams",
            }.Select(WeightGoldens.Content),
            file =>
                Assert.All(
                    Enumerable.Range(0, file.Length),
                    length => Assert.Throws<ModelFormatException>(() => Open(file[..length]))
                )
        );

    [Theory]
    [InlineData("plain0.pdparams")]
    [InlineData("plain1.pdparams")]
    [InlineData("plain5.pdparams")]
    [InlineData("python2_0.pdparams")]
    public void A_function_after_the_arrays_is_refused_by_its_name(string golden)
    {
        var file = WeightGoldens.Content(golden);
        byte[] call = [.. Ascii("0cposix\nsystem\n"), .. Tuple(Text("touch x")), .. Ascii("R.")];
        AssertFault([.. file[..^1], .. call], "the pickle names 'posix.system'");
    }

    public static TheoryData<string, byte[]> Arrays =>
        new()
        {
            { "[3] of F32, which needs 12 bytes, with 8", Array(Numbers(3), Type("f4"), Bytes(8)) },
            { "[1] of F32, which needs 4 bytes, with 8", Array(Numbers(1), Type("f4"), Bytes(8)) },
            { "needs 8 bytes, with 17", Array(Numbers(2), Type("f4"), Latin1(new string('a', 17))) },
            { "needs 8 bytes, with 7", Array(Numbers(2), Type("f4"), Latin1(new string('a', 7))) },
            { "axes must be at least 1", Array(Numbers(-2), Type("f4"), Bytes(8)) },
            { "axes must be at least 1", Array(Numbers(1 << 20, 1 << 20), Type("f4"), Bytes(8)) },
            { "axes must be at least 1", Array(Tuple(Text("a")), Type("f4"), Bytes(8)) },
            { "axes must be at least 1", Array(Numbers(1, 1, 1, 1, 1, 1, 1, 1, 1), Type("f4"), Bytes(4)) },
            { "dtype '>f4'", Array(Numbers(2), Type("f4", ">"), Bytes(8)) },
            { "dtype 'O8'", Array(Numbers(1), Type("O8"), Bytes(8)) },
            { "whose state is not NumPy's", Array(Numbers(2), Text("f4"), Bytes(8)) },
            { "whose state is not NumPy's", [.. Type("f4"), .. Numbers(1), (byte)'b'] },
            { "a state for an object that takes none", [.. Global("numpy", "ndarray"), .. Numbers(1), (byte)'b'] },
            { "a dtype without a name", Call(Global("numpy", "dtype"), Number(1)) },
            { "none of NumPy's", Call(Global("numpy.core.multiarray", "_reconstruct"), Number(1)) },
            { "not to become bytes", Call(Global("_codecs", "encode"), Text("a"), Text("rot13")) },
            { "bytes made from arguments", Call(Global("__builtin__", "bytes"), Number(1)) },
            { "axes must be at least 1", Array(Numbers(0), Type("f4"), Call(Global("__builtin__", "bytes"))) },
            { "array of bytes", Call(Global("numpy.core.numeric", "_frombuffer"), Bytes(4), Type("f4"), Numbers(1)) },
            { "needs 4 bytes, with 25", Array(Numbers(1), Type("f4"), Line(new string('a', 25))) },
            { "needs 4 bytes, with 17", Array(Numbers(1), Type("f4"), Ascii($"S'{new string('a', 17)}'\n")) },
            { "parameter's name", Call(Global("builtins", "tuple"), Number(1)) },
            { "'builtins.eval'", Call(Global("builtins", "eval"), Text("data"), Dictionary()) },
            { "'numpy.core.multiarray.scalar'", Global("numpy.core.multiarray", "scalar") },
            // An array that never gets its state is no tensor.
            { "1 entries that are not all tensors", Empty() },
        };

    [Theory]
    [MemberData(nameof(Arrays))]
    public void Arrays_are_what_NumPy_makes(string expected, byte[] array) =>
        AssertFault(Pickle(Dictionary(("x", array))), expected);

    [Fact]
    public void Arrays_cut_into_pieces_are_refused_by_name() =>
        AssertFault(Pickle(Dictionary(("UnpackBigParamInfor@@", Dictionary()))), "'UnpackBigParamInfor@@'");

    [Theory]
    [InlineData("aaaaaaaa\u0100")]
    [InlineData("aaaaaa\u00FFaa")]
    [InlineData("\u20AC\u20ACaa")]
    [InlineData("\u00FF\u00FF\u00FF\u00FF\u00FF")]
    public void Texts_that_are_not_the_bytes_of_an_array_are_refused_when_read(string text)
    {
        using var file = Open(Pickle(Dictionary(("x", Array(Numbers(2), Type("f4"), Latin1(text))))));
        var fault = Assert.Throws<ModelFormatException>(() => file.Read("x"));
        Assert.Contains("'x' needs 8 bytes", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(@"\u0041\u005c\u000a")]
    [InlineData(@"\u0041\u005c\u000aaa")]
    [InlineData(@"\u0141\u005c\u000aa", 100)]
    [InlineData(@"\n\u005c\u000aa", 100)]
    [InlineData(@"\u00", 100)]
    public void Lines_that_are_not_the_bytes_of_an_array_are_refused(string line, int repetitions = 1)
    {
        var text = string.Concat(Enumerable.Repeat(line, repetitions * 50));
        using var file = Open(Pickle(Dictionary(("x", Array(Numbers(repetitions * 50), Type("f4"), Line(text))))));
        var fault = Assert.Throws<ModelFormatException>(() => file.Read("x"));
        Assert.Contains("'x' needs", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Opening_steps_over_the_arrays()
    {
        const int size = 1 << 30;
        byte[] head = Pickle(Dictionary(("x", Array(Numbers(size / 4), Type("f4"), Bytes(0)))));
        var at = head.AsSpan().IndexOf((ReadOnlySpan<byte>)[(byte)'B', 0, 0, 0, 0]);
        BitConverter.GetBytes(size).CopyTo(head, at + 1);
        using var temporary = new TemporaryFile(head.AsSpan(0, at + 5));
        using (var sparse = File.OpenWrite(temporary.Path))
        {
            sparse.Position = at + 5L + size;
            sparse.Write(head.AsSpan(at + 5));
        }
        using var counted = new CountingStream(File.OpenRead(temporary.Path));
        using var file = WeightFiles.Open(counted, temporary.Path, CancellationToken.None);
        Assert.Equal<int>([1 << 28], Assert.Single(file.Tensors).Shape);
        Assert.InRange(counted.BytesRead, 1, 200_000);
    }

    private static byte[] Bytes(int size) => [(byte)'B', .. BitConverter.GetBytes(size), .. new byte[size]];

    private static byte[] Latin1(string text) => Call(Global("_codecs", "encode"), Text(text), Text("latin1"));

    private static byte[] Line(string text) => Call(Global("_codecs", "encode"), Ascii($"V{text}\n"), Text("latin1"));

    private static byte[] Type(string name, string order = "<") =>
        [.. Call(Global("numpy", "dtype"), Text(name), [0x89], [0x88]), .. Tuple(Number(3), Text(order)), (byte)'b'];

    private static byte[] Empty() =>
        Call(Global("numpy.core.multiarray", "_reconstruct"), Global("numpy", "ndarray"), Numbers(0), Text("b"));

    private static byte[] Array(byte[] shape, byte[] type, byte[] data) =>
        [.. Empty(), .. Tuple(Number(1), shape, type, [0x89], data), (byte)'b'];

    private static WeightFile Open(byte[] file) =>
        WeightFiles.Open(new MemoryStream(file), "x.pdparams", CancellationToken.None);

    private static void AssertFault(byte[] file, string expected)
    {
        var fault = Assert.Throws<ModelFormatException>(() => Open(file));
        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
    }
}
