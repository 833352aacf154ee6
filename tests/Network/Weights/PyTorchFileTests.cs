using ILGpuMobileNet.Network.Weights;
using static ILGpuMobileNet.Network.Tests.Weights.PickleWriter;

namespace ILGpuMobileNet.Network.Tests.Weights;

public class PyTorchFileTests
{
    [Theory]
    [InlineData("plain.pth")]
    [InlineData("protocol4.pth")]
    public void State_dicts_are_read(string golden)
    {
        using var file = WeightFiles.Open(WeightGoldens.PathOf(golden));
        Assert.Equal(WeightFormat.PyTorch, file.Format);
        Assert.Empty(file.Metadata);
        AssertWeights(file);
    }

    [Fact]
    public void Elements_of_every_type_are_read()
    {
        using var file = WeightFiles.Open(WeightGoldens.PathOf("types.pth"));
        ElementType[] types =
        [
            ElementType.F32,
            ElementType.F16,
            ElementType.BF16,
            ElementType.F64,
            ElementType.F32,
            ElementType.I64,
            ElementType.I32,
            ElementType.U8,
        ];
        Assert.Equal(types, file.Tensors.Select(tensor => tensor.Type));
        WeightGoldens.AssertFormula(file.Read, "single", [3, 2]);
        WeightGoldens.AssertFormula(file.Read, "half", [3, 2], value => (float)(Half)value);
        WeightGoldens.AssertFormula(file.Read, "bfloat", [3, 2], ToBFloat16);
        WeightGoldens.AssertFormula(file.Read, "double", [3, 2]);
        WeightGoldens.AssertFormula(file.Read, "parameter", [5]);
        Assert.Throws<ModelFormatException>(() => file.Read("int"));
    }

    [Fact]
    public void Views_of_a_storage_are_put_into_row_major_order()
    {
        using var file = WeightFiles.Open(WeightGoldens.PathOf("views.pth"));
        var whole = WeightGoldens.Values("whole", [4, 6]);
        float At(int row, int column) => whole[row * 6 + column];
        AssertView(file, "whole", [4, 6], At);
        AssertView(file, "tied", [4, 6], At);
        AssertView(file, "transposed", [6, 4], (row, column) => At(column, row));
        AssertView(file, "cut", [2, 3], (row, column) => At(row + 1, column + 2));
        AssertView(file, "every_second", [2, 3], (row, column) => At(2 * row, 2 * column + 1));
        AssertView(file, "expanded", [4, 5], (row, _) => At(row, 0));
        WeightGoldens.AssertFormula(file.Read, "channels_last", [2, 3, 2, 2]);
    }

    [Fact]
    public void The_weights_in_a_checkpoint_are_found()
    {
        using var file = WeightFiles.Open(WeightGoldens.PathOf("checkpoint.pth"));
        Assert.Equal("state_dict", file.Metadata["state_dict key"]);
        Assert.Equal("module.", file.Metadata["stripped prefix"]);
        AssertWeights(file);
    }

    [Theory]
    [InlineData("two.pth", "more than one dictionary of tensors: 'model', 'model_ema'")]
    [InlineData("two.pth", "torch.save(torch.load('in.pth', map_location='cpu')['model'], 'weights.pth')")]
    [InlineData("module.pth", "'torch.nn.modules.linear.Linear'")]
    [InlineData("script.pt", "torch.jit.load('in.pt').state_dict()")]
    [InlineData("stored.npz", "has no data.pkl ('single.npy' is in it)")]
    public void What_is_not_a_file_of_weights_is_refused(string golden, string expected) =>
        AssertFault(WeightGoldens.Content(golden), expected);

    [Fact]
    public void Every_cut_of_a_file_is_an_error()
    {
        var file = WeightGoldens.Content("plain.pth");
        Assert.All(
            Enumerable.Range(0, file.Length),
            length => Assert.Throws<ModelFormatException>(() => Open(file[..length]))
        );
    }

    public static TheoryData<string, byte[]> Views =>
        new()
        {
            { "[2, 3] with strides [3, 1] from element 0 of a storage of 5", One(Storage("0", 5), 0, [2, 3], [3, 1]) },
            { "from element 1 of a storage of 6", One(Storage("0", 6), 1, [2, 3], [3, 1]) },
            { "from element -1", One(Storage("0", 6), -1, [2], [1]) },
            { "from element 9223372036854775807", One(Storage("0", 6), long.MaxValue, [2], [1]) },
            { "strides [-1]", One(Storage("0", 6), 2, [2], [-1]) },
            {
                "strides [9223372036854775807, 9223372036854775807]",
                One(Storage("0", 6), 0, [2, 2], [long.MaxValue, long.MaxValue])
            },
            { "strides [1]", One(Storage("0", 6), 0, [2, 3], [1]) },
            { "axes must be at least 1", One(Storage("0", 6), 0, [0], [1]) },
            { "axes must be at least 1", One(Storage("0", 6), 0, [1 << 20, 1 << 20], [0, 0]) },
            { "at most 8 whole numbers", One(Storage("0", 6), 0, [1, 1, 1, 1, 1, 1, 1, 1, 1], [1]) },
            { "storage '0' of 7 F32, which has 24 bytes", One(Storage("0", 7), 0, [2], [1]) },
            { "storage '0' of -1", One(Storage("0", -1), 0, [2], [1]) },
            { "storage '0' of 4 F64", One(Storage("0", 4, "DoubleStorage"), 0, [2], [1]) },
            { "storage '1', which is not in the archive", One(Storage("1", 6), 0, [2], [1]) },
            { "storage '../data.pkl'", One(Storage("../data.pkl", 6), 0, [2], [1]) },
            { "'torch.BoolStorage'", One(Storage("0", 6, "BoolStorage"), 0, [2], [1]) },
            { "storage of kind 'torch._utils._rebuild_parameter'", One(Strange("_rebuild_parameter"), 0, [2], [1]) },
            { "no storage", One([.. Text("0"), (byte)'Q'], 0, [2], [1]) },
            { "no view of a storage", One(Text("0"), 0, [2], [1]) },
            { "parameter that is no tensor", Call(Global("torch._utils", "_rebuild_parameter"), Text("a")) },
            { "would have 4194304 bytes", One(Storage("0", 6), 0, [1 << 20], [0]) },
        };

    [Theory]
    [MemberData(nameof(Views))]
    public void Tensors_lie_in_their_storages(string expected, byte[] tensor) =>
        AssertFault(Torch(Pickle(Dictionary(("x", tensor))), new byte[24]), expected);

    [Fact]
    public void Repeated_views_cannot_multiply_a_small_file()
    {
        var large = View(Storage("0", 6), 0, [1 << 18], [0]);
        var pickle = Pickle([.. large, (byte)'q', 1], Dictionary([.. Enumerable.Range(0, 100).Select(Repeated)]));
        AssertFault(Torch(pickle, new byte[24]), "far more than the file's");
    }

    [Fact]
    public void Two_tensors_of_one_name_are_refused()
    {
        var tensor = View(Storage("0", 6), 0, [2], [1]);
        AssertFault(Torch(Pickle(Dictionary(("x", tensor), ("x", tensor))), new byte[24]), "'x' twice");
    }

    [Theory]
    [InlineData("data.pkl")]
    [InlineData("data/0")]
    public void Compressed_entries_are_refused(string name)
    {
        var writer = new ZipWriter();
        foreach (var (entry, content) in new[] { ("data.pkl", Pickle()), ("data/0", new byte[1000]) })
        {
            var isPacked = entry == name;
            writer.Add(
                new($"a/{entry}", isPacked ? ZipWriter.Deflate(content) : content)
                {
                    Method = isPacked ? (ushort)8 : (ushort)0,
                    ClaimedSize = (uint)content.Length,
                }
            );
        }
        AssertFault(writer.Finish(), $"'a/{name}' is compressed");
    }

    [Fact]
    public void Storages_that_lie_over_each_other_are_refused()
    {
        var writer = new ZipWriter()
            .Add(new("a/data.pkl", Pickle()))
            .Add(new("a/data/0", new byte[24]))
            .Add(new("a/data/1", new byte[24]) { Start = 30 + 10 + 3 });
        AssertFault(writer.Finish(), "overlaps");
    }

    [Fact]
    public void Files_of_later_versions_have_more_entries_and_an_empty_dictionary_with_each_tensor()
    {
        var tensor = Call(
            Global("torch._utils", "_rebuild_tensor_v2"),
            Storage("0", 2),
            Number(0),
            Numbers(2),
            Numbers(1),
            [0x89],
            [(byte)'N'],
            Dictionary()
        );
        var archive = ZipWriter.Archive(
            ("a/data.pkl", Pickle(Dictionary(("x", tensor)))),
            ("a/.format_version", Ascii("1")),
            ("a/.storage_alignment", Ascii("64")),
            ("a/byteorder", Ascii("little")),
            ("a/data/0", [0, 0, 0xC0, 0x3F, 0, 0, 0x20, 0xC0]),
            ("a/version", Ascii("3\n")),
            ("a/.data/serialization_id", Ascii("0"))
        );
        using var file = WeightFiles.Open(new MemoryStream(archive), "weights.pth", CancellationToken.None);
        Assert.Equal([1.5f, -2.5f], file.Read("x").Data.ToArray());
    }

    [Fact]
    public void A_file_of_a_big_endian_machine_is_refused() =>
        AssertFault(ZipWriter.Archive(("a/data.pkl", Pickle()), ("a/byteorder", Ascii("big"))), "byte order 'big'");

    [Fact]
    public void An_empty_archive_is_refused() =>
        AssertFault([.. "PK\u0003\u0004"u8, .. new ZipWriter().Finish(directoryStart: 4)], "has no data.pkl.");

    [Fact]
    public void Opening_reads_the_directory_and_the_pickle_and_nothing_else()
    {
        const long size = 1L << 30;
        var pickle = Pickle(Dictionary(("x", View(Storage("0", size / 4), 0, [size / 4], [1]))));
        var writer = new ZipWriter()
            .Add(new("a/data.pkl", pickle))
            .Add(new("a/data/0", []) { StoredSize = (uint)size, ClaimedSize = (uint)size });
        var start = 30 + 10 + pickle.Length + 30 + 8;
        var archive = writer.Finish(directoryStart: (uint)(start + size));
        using var temporary = new TemporaryFile(archive.AsSpan(0, start));
        using (var sparse = File.OpenWrite(temporary.Path))
        {
            sparse.Position = start + size;
            sparse.Write(archive.AsSpan(start));
        }
        using var counted = new CountingStream(File.OpenRead(temporary.Path));
        using var file = WeightFiles.Open(counted, temporary.Path, CancellationToken.None);
        Assert.Equal<int>([1 << 28], Assert.Single(file.Tensors).Shape);
        Assert.InRange(counted.BytesRead, 1, 100_000);
    }

    [Fact]
    public void A_cancelled_token_ends_the_reading() =>
        Assert.Throws<OperationCanceledException>(() =>
            WeightFiles.Open(WeightGoldens.PathOf("plain.pth"), new CancellationToken(canceled: true))
        );

    private static (string, byte[]) Repeated(int index) => ($"x{index}", [(byte)'h', 1]);

    private static byte[] One(byte[] storage, long offset, long[] size, long[] strides) =>
        View(storage, offset, size, strides);

    private static byte[] Strange(string function) =>
        [.. Tuple(Text("storage"), Global("torch._utils", function), Text("0"), Text("cpu"), Number(6)), (byte)'Q'];

    private static void AssertWeights(WeightFile file)
    {
        Assert.Equal(
            ["conv.weight", "bn.running_var", "bn.num_batches_tracked", "fc.weight"],
            file.Tensors.Select(tensor => tensor.Name)
        );
        WeightGoldens.AssertFormula(file.Read, "conv.weight", [4, 3, 3, 3]);
        WeightGoldens.AssertFormula(file.Read, "bn.running_var", [4]);
        WeightGoldens.AssertFormula(file.Read, "fc.weight", [2, 4]);
        Assert.Equal(3, file.ReadAll().Tensors.Count);
    }

    private static void AssertView(WeightFile file, string name, int[] shape, Func<int, int, float> expected)
    {
        var tensor = file.Read(name);
        Assert.Equal<IEnumerable<int>>(shape, [.. tensor.Shape]);
        var elements = Enumerable.Range(0, shape[0] * shape[1]).Select(i => expected(i / shape[1], i % shape[1]));
        Assert.Equal(elements, tensor.Data.ToArray());
    }

    // Half of the last place that stays is added, so that values round to nearest, and to even in the middle.
    private static float ToBFloat16(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        var rounded = (bits + 0x7FFF + (bits >> 16 & 1)) >> 16 << 16;
        return BitConverter.UInt32BitsToSingle(rounded);
    }

    private static void Open(byte[] file) =>
        WeightFiles.Open(new MemoryStream(file), "weights.pth", CancellationToken.None).Dispose();

    private static void AssertFault(byte[] file, string expected)
    {
        var fault = Assert.Throws<ModelFormatException>(() => Open(file));
        Assert.Equal("weights.pth", fault.File);
        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
    }
}
