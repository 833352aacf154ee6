using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Network.Tests.Weights;

public class SafetensorsTests
{
    private const string One = "\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}";

    [Fact]
    public void What_is_written_is_read_back()
    {
        using var file = new TemporaryFile();
        var written = Weights(("b", [2, 3]), ("a.weight", [4, 1, 3, 3]), ("scalar", []));
        Safetensors.Write(file.Path, written, new Dictionary<string, string> { ["format"] = "pt" });
        var read = Safetensors.Read(file.Path);
        Assert.Equal(file.Path, read.Source);
        Assert.Equal(written.Tensors.Keys.Order(), read.Tensors.Keys.Order());
        Assert.All(written.Tensors, tensor => AssertEqual(tensor.Value, read.Tensors[tensor.Key]));
    }

    [Fact]
    public void Data_starts_at_a_multiple_of_eight_bytes()
    {
        using var stream = new MemoryStream();
        Safetensors.Write(stream, Weights(("abc", [1])), null);
        Assert.Equal(0, BinaryPrimitives.ReadInt64LittleEndian(stream.ToArray()) % 8);
    }

    [Fact]
    public void Tensors_may_be_listed_in_any_order()
    {
        var header = "{\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[8,12]}," + One + "}";
        var read = Read(File(header, Floats(1, 2, 3)));
        Assert.Equal([3f], read.Tensors["b"].Data.ToArray());
        Assert.Equal([1f, 2f], read.Tensors["a"].Data.ToArray());
    }

    [Fact]
    public void Counters_of_PyTorch_are_left_out()
    {
        var header =
            "{\"bn.num_batches_tracked\":{\"dtype\":\"I64\",\"shape\":[],\"data_offsets\":[8,16]}," + One + "}";
        Assert.Equal(["a"], Read(File(header, new byte[16])).Tensors.Keys);
    }

    [Theory]
    [InlineData("F16", 4)]
    [InlineData("BF16", 4)]
    [InlineData("F64", 16)]
    [InlineData("I64", 16)]
    public void Other_dtypes_are_named_with_their_tensor(string dtype, int size)
    {
        var header = $"{{\"x\":{{\"dtype\":\"{dtype}\",\"shape\":[2],\"data_offsets\":[0,{size}]}}}}";
        AssertFault(File(header, new byte[size]), "'x'", dtype, "float32");
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
    [InlineData("{" + One + "," + One + "}", "'a' twice")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", "repeated")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8],\"x\":1}}", "'x'")]
    [InlineData("{\"a\":{\"shape\":[2],\"data_offsets\":[0,8]}}", "lacks")]
    [InlineData("{\"a\":[]}", "expected StartObject")]
    [InlineData("{" + One, "not valid JSON")]
    [InlineData("{" + One + "}x", "not valid JSON")]
    [InlineData("{\"__metadata__\":{\"a\":[[[[[[1]]]]]]}," + One + "}", "not valid JSON")]
    [InlineData("{}", "end at byte 0")]
    public void Headers_must_be_what_the_format_asks_for(string header, string expected) =>
        AssertFault(File(header, new byte[8]), expected);

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
        var file = File("{" + One + "}", new byte[8]);
        BinaryPrimitives.WriteUInt64LittleEndian(file, length);
        Assert.Throws<ModelFormatException>(() => Read(file));
    }

    [Fact]
    public void Every_cut_of_a_file_is_an_error()
    {
        var file = File("{" + One + "}", Floats(1, 2));
        Assert.All(
            Enumerable.Range(0, file.Length),
            length => Assert.Throws<ModelFormatException>(() => Read(file[..length]))
        );
    }

    [Fact]
    public void A_missing_file_is_an_IOException() =>
        Assert.ThrowsAny<IOException>(() => Safetensors.Read("/nowhere/weights.safetensors"));

    [Fact]
    public void A_cancelled_token_ends_the_reading()
    {
        using var stream = new MemoryStream(File("{" + One + "}", Floats(1, 2)));
        var cancelled = new CancellationToken(canceled: true);
        Assert.Throws<OperationCanceledException>(() => Safetensors.Read(stream, "x", cancelled));
    }

    private static string Entry(string name, string shape, string offsets) =>
        $"\"{name}\":{{\"dtype\":\"F32\",\"shape\":{shape},\"data_offsets\":{offsets}}}";

    private static byte[] File(string header, byte[] data)
    {
        var text = Encoding.UTF8.GetBytes(header);
        return [.. BitConverter.GetBytes((long)text.Length), .. text, .. data];
    }

    private static byte[] Floats(params float[] values) => [.. values.SelectMany(BitConverter.GetBytes)];

    private static WeightSet Read(byte[] file)
    {
        using var stream = new MemoryStream(file);
        return Safetensors.Read(stream, "weights.safetensors", CancellationToken.None);
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
