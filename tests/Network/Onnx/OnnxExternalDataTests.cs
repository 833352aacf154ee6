using System.Runtime.InteropServices;
using ILGpuMobileNet.Network.Onnx;
using ILGpuMobileNet.Network.Tests.Weights;
using ILGpuMobileNet.Network.Weights;
using ILGpuMobileNet.Reference;
using ILGpuMobileNet.Reference.Onnx;

namespace ILGpuMobileNet.Network.Tests.Onnx;

/// <summary>Elements of tensors in files beside the ONNX file.</summary>
public sealed class OnnxExternalDataTests : IDisposable
{
    private const int Count = 8; // elements of the weight [2, 4, 1, 1]

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_of_the_onnx_package_has_the_weights_of_the_same_network_in_one_file() =>
        ModelComparison.AssertSame(
            OnnxGolden.Get("v1_opset13_unfolded").Read(),
            OnnxModel.Read(OnnxGolden.PathOf("v1_external.onnx"))
        );

    [Fact]
    public void Several_tensors_share_a_file_at_their_offsets()
    {
        var values = Enumerable.Range(0, 2 * Count).Select(i => i / 4f).ToArray();
        WriteBytes("w.bin", MemoryMarshal.AsBytes(values.AsSpan()));
        var file = new GraphFile().Node("Conv", "x a", "c").Node("Conv", "x b", "d").Node("Add", "c d", "y");
        AddTensor(file, "a", ("location", "w.bin"));
        AddTensor(file, "b", ("location", "w.bin"), ("offset", "32"), ("length", "32"));
        var tensors = Read(file).Weights.Tensors;
        Assert.Equal(values[..Count], tensors["a"].Data.ToArray());
        Assert.Equal(values[Count..], tensors["b"].Data.ToArray());
    }

    [Fact]
    public void A_folder_within_that_of_the_model_is_read()
    {
        Directory.CreateDirectory(_folder.PathOf("data"));
        WriteBytes("data/w.bin", new byte[32]);
        Assert.Equal(Count, Read(Model(("location", "data/w.bin"))).Weights.Tensors["w"].Data.Length);
    }

    [Fact]
    public void A_link_within_the_folder_is_followed()
    {
        WriteBytes("blob", new byte[32]);
        File.CreateSymbolicLink(_folder.PathOf("w.bin"), "blob");
        Assert.Equal(Count, Read(Model(("location", "w.bin"))).Weights.Tensors["w"].Data.Length);
    }

    [SkippableFact]
    public async Task A_pipe_in_the_folder_is_not_waited_for()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no such pipes in folders.");
        var pipe = _folder.MakePipe("w.bin");
        var read = Task.Run(() => Read(Model(("location", "w.bin"))));
        var fault = await Assert.ThrowsAsync<ModelFormatException>(() => read.WaitAsync(Patience.Limit));
        Assert.Contains($"{pipe}: expected a regular file, got a pipe", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../w.bin")]
    [InlineData("data/../../w.bin")]
    [InlineData("..\\w.bin")]
    [InlineData("/etc/passwd")]
    [InlineData("C:\\w.bin")]
    [InlineData("w.bin:stream")]
    [InlineData("\\\\server\\w.bin")]
    [InlineData("w\0.bin")]
    [InlineData("")]
    [InlineData(".")]
    public void A_place_outside_the_folder_is_refused(string location) =>
        AssertFault(Model(("location", location)), "'w'", "expected the relative path of a file in the model's folder");

    [Fact]
    public void A_link_that_leaves_the_folder_is_refused()
    {
        using var other = new TemporaryFolder();
        File.WriteAllBytes(other.PathOf("w.bin"), new byte[32]);
        File.CreateSymbolicLink(_folder.PathOf("w.bin"), other.PathOf("w.bin"));
        AssertFault(Model(("location", "w.bin")), "'w'", "a link to a place outside");
        Directory.CreateSymbolicLink(_folder.PathOf("data"), other.Folder);
        AssertFault(Model(("location", "data/w.bin")), "'data/w.bin'", "a link to a place outside");
    }

    [Fact]
    public void A_link_that_leads_back_to_itself_is_refused()
    {
        File.CreateSymbolicLink(_folder.PathOf("w.bin"), "w.bin");
        var fault = Assert.Throws<ModelFormatException>(() => Read(Model(("location", "w.bin"))));
        Assert.Contains("w.bin: expected a regular file, got a link", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("offset", "-1", "the offset '-1'")]
    [InlineData("offset", "9223372036854775808", "below 2^63")]
    [InlineData("offset", "9223372036854775807", "which has 32")]
    [InlineData("offset", "1", "bytes 1 to 33 of 'w.bin', which has 32")]
    [InlineData("length", "31", "needs 32 bytes of its file, but names 31")]
    [InlineData("length", "1e3", "the length '1e3'")]
    public void Offset_and_length_must_fit_the_file(string key, string value, string expected)
    {
        WriteBytes("w.bin", new byte[32]);
        AssertFault(Model(("location", "w.bin"), (key, value)), "'w'", expected);
    }

    [Fact]
    public void A_huge_tensor_of_a_small_file_is_refused_before_memory_is_taken()
    {
        WriteBytes("w.bin", new byte[32]);
        var file = new GraphFile().Node("Conv", "x w", "y");
        AddTensor(file, "w", [1 << 20, 400, 1, 1], ("location", "w.bin"));
        var before = GC.GetAllocatedBytesForCurrentThread();
        AssertFault(file, "'w'", "which has 32");
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 8 << 20);
    }

    [Fact]
    public void Tensors_that_read_one_file_again_and_again_are_refused()
    {
        WriteBytes("w.bin", new byte[32]);
        var file = new GraphFile();
        var last = "x";
        for (var i = 0; i < 3; i++)
        {
            AddTensor(file, $"w{i}", [2, i == 0 ? 4 : 2, 1, 1], ("location", "w.bin"));
            file.Node("Conv", $"{last} w{i}", last = i == 2 ? "y" : $"c{i}");
        }
        Assert.NotNull(Read(file)); // 32 + 16 + 16 bytes of 32
        var greedy = new GraphFile();
        AddTensor(greedy, "a", ("location", "w.bin"));
        AddTensor(greedy, "b", ("location", "w.bin"));
        AddTensor(greedy, "c", ("location", "w.bin"));
        greedy.Node("Conv", "x a", "d").Node("Conv", "x b", "e").Node("Conv", "x c", "f");
        AssertFault(greedy.Node("Add", "d e", "g").Node("Add", "g f", "y"), "'c'", "twice its size");
    }

    [Fact]
    public void A_missing_file_is_named_with_the_tensor_and_the_remedy() =>
        AssertFault(Model(("location", "w.bin")), "'w'", "'w.bin', which is not there", _folder.Folder);

    [Fact]
    public void A_tensor_that_names_no_file_is_refused() => AssertFault(Model(), "'w'", "names no file");

    [Fact]
    public void Mutated_files_are_read_or_refused()
    {
        WriteBytes("w.bin", new byte[64]);
        byte[][] seeds =
        [
            Model(("location", "w.bin"), ("offset", "32")).ToArray(),
            Model(("location", "w.bin"), ("offset", "0"), ("length", "32")).ToArray(),
        ];
        var path = _folder.PathOf("net.onnx");
        void Read(byte[] file)
        {
            File.WriteAllBytes(path, file);
            OnnxModel.Read(path);
        }
        Assert.InRange(Mutation.Run(seeds, 3000, Read), 1, 2999);
    }

    private static GraphFile Model(params (string Key, string Value)[] entries)
    {
        var file = new GraphFile().Node("Conv", "x w", "y");
        AddTensor(file, "w", entries);
        return file;
    }

    private static void AddTensor(GraphFile file, string name, params (string Key, string Value)[] entries) =>
        AddTensor(file, name, [2, 4, 1, 1], entries);

    private static void AddTensor(GraphFile file, string name, long[] dims, params (string Key, string Value)[] entries)
    {
        var tensor = OnnxGraphWriter.TensorMessage(1, dims).Add(8, name);
        foreach (var (key, value) in entries)
        {
            using var entry = new MessageWriter();
            tensor.Add(13, entry.Add(1, key).Add(2, value));
        }
        file.Writer.Raw(5, tensor.Add(14, 1L).ToArray());
    }

    private void WriteBytes(string name, ReadOnlySpan<byte> bytes) => File.WriteAllBytes(_folder.PathOf(name), bytes);

    private Model Read(GraphFile file)
    {
        File.WriteAllBytes(_folder.PathOf("net.onnx"), file.ToArray());
        return OnnxModel.Read(_folder.PathOf("net.onnx"));
    }

    private void AssertFault(GraphFile file, params string[] parts)
    {
        var fault = Assert.Throws<ModelFormatException>(() => Read(file));
        Assert.Equal(_folder.PathOf("net.onnx"), fault.File);
        Assert.All(parts, part => Assert.Contains(part, fault.Message, StringComparison.Ordinal));
    }
}
