using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Network.Tests.Weights;

public class SafetensorsTests
{
    private const string Whole = "\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}";

    [Fact]
    public void What_is_written_is_read_back()
    {
        using var file = new TemporaryFile();
        var written = Weights(("b", [2, 3]), ("a.weight", [4, 1, 3, 3]), ("scalar", []));
        Safetensors.Write(file.Path, written, new Dictionary<string, string> { ["format"] = "pt" });
        using var opened = WeightFiles.Open(file.Path);
        Assert.Equal(WeightFormat.Safetensors, opened.Format);
        Assert.Equal(["a.weight", "b", "scalar"], opened.Tensors.Select(tensor => tensor.Name));
        Assert.Equal("pt", opened.Metadata["format"]);
        var read = opened.ReadAll();
        Assert.Equal(file.Path, read.Source);
        Assert.Equal(written.Tensors.Keys.Order(), read.Tensors.Keys.Order());
        Assert.All(written.Tensors, tensor => AssertEqual(tensor.Value, read.Tensors[tensor.Key]));
    }

    [Fact]
    public void Data_starts_at_a_multiple_of_eight_bytes()
    {
        using var stream = new MemoryStream();
        Safetensors.Write(stream, Weights(("abc", [1])));
        Assert.Equal(0, BinaryPrimitives.ReadInt64LittleEndian(stream.ToArray()) % 8);
    }

    [Fact]
    public void Tensors_may_be_listed_in_any_order()
    {
        var header = "{\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[8,12]}," + Whole + "}";
        var read = Read(File(header, Floats(1, 2, 3)));
        Assert.Equal([3f], read.Tensors["b"].Data.ToArray());
        Assert.Equal([1f, 2f], read.Tensors["a"].Data.ToArray());
    }

    [Fact]
    public void Counters_of_PyTorch_are_left_out()
    {
        var header =
            "{\"bn.num_batches_tracked\":{\"dtype\":\"I64\",\"shape\":[],\"data_offsets\":[8,16]}," + Whole + "}";
        Assert.Equal(["a"], Read(File(header, new byte[16])).Tensors.Keys);
    }

    [Theory]
    [InlineData("F32", new byte[] { 0, 0, 0xC0, 0x3F, 0, 0, 0x20, 0xC0 })]
    [InlineData("F16", new byte[] { 0, 0x3E, 0, 0xC1 })]
    [InlineData("BF16", new byte[] { 0xC0, 0x3F, 0x20, 0xC0 })]
    [InlineData("F64", new byte[] { 0, 0, 0, 0, 0, 0, 0xF8, 0x3F, 0, 0, 0, 0, 0, 0, 4, 0xC0 })]
    public void Floating_point_numbers_of_every_size_are_read(string dtype, byte[] data)
    {
        using var file = Open(File(One(dtype, data.Length), data));
        Assert.Equal(Enum.Parse<ElementType>(dtype), Assert.Single(file.Tensors).Type);
        Assert.Equal([1.5f, -2.5f], file.Read("x").Data.ToArray());
    }

    [Theory]
    [InlineData("U8", 2)]
    [InlineData("U16", 4)]
    [InlineData("I32", 8)]
    [InlineData("I64", 16)]
    public void Integers_are_listed_but_are_no_weights(string dtype, int size)
    {
        using var file = Open(File(One(dtype, size), new byte[size]));
        Assert.Equal(Enum.Parse<ElementType>(dtype), Assert.Single(file.Tensors).Type);
        var fault = Assert.Throws<ModelFormatException>(() => file.ReadAll());
        Assert.Contains($"'x' has elements of type {dtype}", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("F8_E4M3", 2)]
    [InlineData("BOOL", 2)]
    [InlineData("0", 8)]
    [InlineData("f32", 8)]
    [InlineData("F32,F32", 8)]
    public void Other_dtypes_are_named_with_their_tensor(string dtype, int size) =>
        AssertFault(File(One(dtype, size), new byte[size]), "'x'", dtype, "expected F32, F16");

    [Theory]
    [InlineData("65520", 65520f)]
    [InlineData("-3.4028235E+38", float.MinValue)]
    public void A_weight_that_float16_cannot_hold_is_refused(string text, float value)
    {
        using var file = new TemporaryFile();
        System.IO.File.WriteAllText(file.Path, "the old file");
        var weights = new WeightSet("test", Weights().Tensors.Add("big", new Tensor([1], new[] { value })));
        var fault = Assert.Throws<ModelFormatException>(() =>
            Safetensors.Write(file.Path, weights, type: ElementType.F16)
        );
        Assert.StartsWith($"test: tensor 'big' holds {text}, but", fault.Message, StringComparison.Ordinal);
        Assert.Equal("the old file", System.IO.File.ReadAllText(file.Path));
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(file.Path)!, Path.GetFileName(file.Path) + "*"));
    }

    [Fact]
    public void Float16_takes_half_the_bytes_and_rounds_to_nearest()
    {
        var weights = Weights(("a", [20_000]));
        using var stream = new MemoryStream();
        Safetensors.Write(stream, weights, null, ElementType.F16);
        using var file = Open(stream.ToArray());
        Assert.Equal(ElementType.F16, Assert.Single(file.Tensors).Type);
        Assert.Equal(
            weights.Tensors["a"].Data.ToArray().Select(value => (float)(Half)value),
            file.Read("a").Data.ToArray()
        );
    }

    [Fact]
    public void Only_float32_and_float16_are_written() =>
        Assert.Throws<ArgumentException>(() => Safetensors.Write("x", Weights(), type: ElementType.BF16));

    [Fact]
    public void The_same_content_gives_the_same_bytes()
    {
        var names = Enumerable.Range(0, 50).Select(i => $"t{i}").ToArray();
        byte[] Written(IEnumerable<string> order)
        {
            using var stream = new MemoryStream();
            var weights = Weights([.. order.Select(name => (name, new[] { 3 }))]);
            Safetensors.Write(stream, weights, order.ToDictionary(name => name, name => name));
            return stream.ToArray();
        }
        Assert.Equal(Written(names), Written(names.Reverse()));
    }

    [Fact]
    public void Opening_reads_the_header_and_nothing_else()
    {
        using var temporary = new TemporaryFile();
        const long size = 1L << 30;
        using (var sparse = System.IO.File.OpenWrite(temporary.Path))
        {
            sparse.Write(
                File($"{{\"x\":{{\"dtype\":\"F32\",\"shape\":[{size / 4}],\"data_offsets\":[0,{size}]}}}}", [])
            );
            sparse.SetLength(sparse.Length + size);
        }
        using var counted = new CountingStream(System.IO.File.OpenRead(temporary.Path));
        using var file = WeightFiles.Open(counted, temporary.Path, CancellationToken.None);
        Assert.Equal<int>([1 << 28], Assert.Single(file.Tensors).Shape);
        Assert.InRange(counted.BytesRead, 1, 1000);
    }

    [Fact]
    public void A_closed_file_is_not_read()
    {
        var file = Open(File(One("F32", 8), new byte[8]));
        file.Dispose();
        Assert.Throws<ObjectDisposedException>(() => file.Read("x"));
    }

    [Fact]
    public void A_tensor_that_is_not_there_is_a_KeyNotFoundException()
    {
        using var file = Open(File(One("F32", 8), new byte[8]));
        Assert.Throws<KeyNotFoundException>(() => file.Read("y"));
    }

    [Theory]
    [InlineData("[0,8]", "[4,12]", "overlaps")]
    [InlineData("[0,8]", "[0,8]", "overlaps")]
    [InlineData("[0,8]", "[12,20]", "hole")]
    [InlineData("[4,12]", "[12,20]", "hole")]
    [InlineData("[0,8]", "[8,16]", "end at byte 16")]
    [InlineData("[0,8]", "[16,24]", "only 20 bytes")]
    [InlineData("[8,0]", "[8,16]", "needs 8 bytes")]
    [InlineData("[0,8]", "[8,17]", "needs 8 bytes")]
    [InlineData("[-8,0]", "[0,8]", "needs 8 bytes")]
    [InlineData("[0,9223372036854775807]", "[0,8]", "needs 8 bytes")]
    [InlineData("[9223372036854775800,9223372036854775807]", "[0,8]", "needs 8 bytes")]
    [InlineData("[-9223372036854775808,9223372036854775807]", "[0,8]", "needs 8 bytes")]
    [InlineData("[0,99999999999999999999]", "[0,8]", "whole numbers")]
    [InlineData("[0,8,16]", "[0,8]", "at most 2")]
    [InlineData("[0]", "[0,8]", "lacks")]
    [InlineData("[0.5,8]", "[0,8]", "whole numbers")]
    [InlineData("\"0\"", "[0,8]", "StartArray")]
    public void Offsets_must_tile_the_file(string first, string second, string expected)
    {
        var header = "{" + Entry("a", "[2]", first) + "," + Entry("b", "[2]", second) + "}";
        AssertFault(File(header, new byte[20]), expected);
    }

    [Theory]
    [InlineData("[-2]")]
    [InlineData("[0]")]
    [InlineData("[4294967296,4294967296]")]
    [InlineData("[2147483647,2147483647,2147483647,4]")]
    [InlineData("[1,1,1,1,1,1,1,1,2]")]
    [InlineData("[[2]]")]
    [InlineData("null")]
    public void Shapes_must_be_sizes_of_an_array(string shape) =>
        AssertFault(File("{" + Entry("a", shape, "[0,8]") + "}", new byte[8]), "'a'");

    [Theory]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", "repeated")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8],\"x\":1}}", "'x'")]
    [InlineData("{\"a\":{\"shape\":[2],\"data_offsets\":[0,8]}}", "lacks")]
    [InlineData("{\"a\":[]}", "expected StartObject")]
    [InlineData("{" + Whole, "not valid JSON")]
    [InlineData("{" + Whole + "}x", "not valid JSON")]
    [InlineData("{\"__metadata__\":{\"a\":[[[[[[1]]]]]]}," + Whole + "}", "'a' of __metadata__")]
    [InlineData("{\"__metadata__\":{\"a\":\"b\",\"a\":\"c\"}," + Whole + "}", "'a' twice")]
    [InlineData("{\"__metadata__\":{},\"__metadata__\":{}," + Whole + "}", "two '__metadata__'")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[[[[[[1]]]]]]}}", "'a'")]
    [InlineData("{}", "end at byte 0")]
    public void Headers_must_be_what_the_format_asks_for(string header, string expected) =>
        AssertFault(File(header, new byte[8]), expected);

    [Fact]
    public void Two_tensors_of_one_name_are_refused() =>
        AssertFault(
            File("{" + Entry("a", "[1]", "[0,4]") + "," + Entry("a", "[1]", "[4,8]") + "}", new byte[8]),
            "'a' twice"
        );

    [Fact]
    public void A_name_that_is_not_text_is_an_error() =>
        AssertFault(
            File("{\"\\ud800\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", new byte[8]),
            "not valid"
        );

    [Theory]
    [InlineData(ulong.MaxValue)]
    [InlineData(0UL)]
    [InlineData(1000UL)]
    [InlineData(1UL << 40)]
    public void Header_lengths_outside_the_file_are_refused(ulong length)
    {
        var file = File("{" + Whole + "}", new byte[8]);
        BinaryPrimitives.WriteUInt64LittleEndian(file, length);
        Assert.Throws<ModelFormatException>(() => Read(file));
    }

    [Fact]
    public void Every_cut_of_a_file_is_an_error()
    {
        var file = File("{" + Whole + "}", Floats(1, 2));
        Assert.All(
            Enumerable.Range(0, file.Length),
            length => Assert.Throws<ModelFormatException>(() => Read(file[..length]))
        );
    }

    [Fact]
    public void A_missing_file_is_an_IOException() =>
        Assert.ThrowsAny<IOException>(() => WeightFiles.Open("/nowhere/weights.safetensors"));

    [Fact]
    public void A_cancelled_token_ends_the_reading()
    {
        using var stream = new MemoryStream(File("{" + Whole + "}", Floats(1, 2)));
        var cancelled = new CancellationToken(canceled: true);
        Assert.Throws<OperationCanceledException>(() => WeightFiles.Open(stream, "x", cancelled));
    }

    private static string Entry(string name, string shape, string offsets) =>
        $"\"{name}\":{{\"dtype\":\"F32\",\"shape\":{shape},\"data_offsets\":{offsets}}}";

    private static byte[] File(string header, byte[] data)
    {
        var text = Encoding.UTF8.GetBytes(header);
        return [.. BitConverter.GetBytes((long)text.Length), .. text, .. data];
    }

    private static byte[] Floats(params float[] values) => [.. values.SelectMany(BitConverter.GetBytes)];

    private static string One(string dtype, int size) =>
        $"{{\"x\":{{\"dtype\":\"{dtype}\",\"shape\":[2],\"data_offsets\":[0,{size}]}}}}";

    private static WeightFile Open(byte[] file) =>
        WeightFiles.Open(new MemoryStream(file), "weights.safetensors", CancellationToken.None);

    private static WeightSet Read(byte[] file)
    {
        using var opened = Open(file);
        return opened.ReadAll();
    }

    private static void AssertFault(byte[] file, params string[] parts)
    {
        var fault = Assert.Throws<ModelFormatException>(() => Read(file));
        Assert.Equal("weights.safetensors", fault.File);
        Assert.All(parts, part => Assert.Contains(part, fault.Message, StringComparison.Ordinal));
    }

    private static WeightSet Weights(params (string Name, int[] Shape)[] tensors) =>
        new("test", tensors.ToImmutableDictionary(tensor => tensor.Name, tensor => Sequence(tensor.Shape)));

    private static Tensor Sequence(int[] shape) =>
        new([.. shape], Enumerable.Range(1, shape.Aggregate(1, (a, b) => a * b)).Select(i => i / 7f).ToArray());

    private static void AssertEqual(Tensor expected, Tensor actual)
    {
        Assert.Equal<IEnumerable<int>>([.. expected.Shape], [.. actual.Shape]);
        Assert.Equal(expected.Data.ToArray(), actual.Data.ToArray());
    }
}
