using System.Runtime.InteropServices;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.TensorFlow;
using ILGpuMobileNet.Network.Tests.Weights;
using ILGpuMobileNet.Network.Weights;
using ILGpuMobileNet.Reference;

namespace ILGpuMobileNet.Network.Tests.TensorFlow;

/// <summary>Files that must not be read into memory to be known.</summary>
public sealed class LargeFileTests : IDisposable
{
    /// <summary>Weights of nearly 2 GiB as float32.</summary>
    private const int Inputs = 16384,
        Outputs = 32767;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_graph_of_a_TensorFlow_Lite_file_of_2_GiB_is_read_without_its_weights()
    {
        var path = _folder.PathOf("large.tflite");
        SparseModels.WriteTflite(path, Inputs, Outputs, int.MaxValue);
        AssertListed(path);
        using var stream = new CountingStream(ModelFile.Open(path));
        var cancelled = new CancellationToken(canceled: true);
        Assert.Throws<OperationCanceledException>(() => TfliteModel.Read(stream, path, null, cancelled));
        Assert.InRange(stream.BytesRead, 0, 1 << 20);
    }

    [Fact]
    public void A_larger_one_is_refused()
    {
        var path = _folder.PathOf("large.tflite");
        SparseModels.WriteTflite(path, Inputs, Outputs, 1L << 31);
        var fault = Assert.Throws<ModelFormatException>(() => GraphFiles.ReadGraph(path, null, default));
        Assert.Contains("has 2147483648 bytes, expected at most 2147483647", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TfliteFields.TensorName, 1 << 30)]
    [InlineData(TfliteFields.TensorShape, 1 << 28)]
    public void A_text_or_list_as_long_as_a_large_file_is_refused_before_memory_is_taken(int field, int count)
    {
        var path = _folder.PathOf("large.tflite");
        var file = new TfliteFile();
        var x = file.Input(1, 2, 2, 1);
        var weights = file.Tensor("w", [1], TfliteType.FLOAT32, new byte[4], (field, new FlatBytes(count, [])));
        file.Outputs = [file.Operator(TfliteOperatorCode.ADD, [x, weights], ("y", [1, 2, 2, 1]))];
        using (var stream = File.Create(path))
        {
            stream.Write(file.Write());
            stream.SetLength(int.MaxValue);
        }
        var before = GC.GetAllocatedBytesForCurrentThread();
        var fault = Assert.Throws<ModelFormatException>(() => TfliteModel.Read(path));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
        Assert.Contains("refer to more elements", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_graph_of_a_TensorFlow_js_model_of_2_GiB_is_read_without_its_weights()
    {
        var path = _folder.PathOf("model.json");
        SparseModels.WriteTfjsGraph(path, Inputs, Outputs);
        AssertListed(path);
        SparseModels.WriteTfjsGraph(path, 2 * Inputs, Outputs);
        var fault = Assert.Throws<ModelFormatException>(() => GraphFiles.ReadGraph(path, null, default));
        Assert.Contains("4294836224 bytes as float32, expected at most", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_of_a_TensorFlow_js_layers_model_are_found_behind_4_GiB()
    {
        var path = _folder.PathOf("model.json");
        int[] large = [1, 1, 16384, 65535];
        SparseModels.WriteTfjs(path, new { }, ("a/kernel", large, 4L * 16384 * 65535), ("b/bias", [4], 16));
        File.WriteAllBytes(_folder.PathOf("shard3"), MemoryMarshal.AsBytes<float>([2, 3]).ToArray());
        var before = GC.GetAllocatedBytesForCurrentThread();

        using var file = WeightFiles.Open(path);
        var read = file.Read("b/bias");

        Assert.Equal([0, 0, 2, 3], read.Data.ToArray());
        Assert.Equal(large, file.Tensors[0].Shape);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void A_shard_that_is_shortened_meanwhile_is_an_error_that_names_the_tensor()
    {
        var path = _folder.PathOf("model.json");
        SparseModels.WriteTfjs(path, new { }, ("a/bias", [4], 16));
        using var file = WeightFiles.Open(path);
        File.WriteAllBytes(_folder.PathOf("shard1"), new byte[7]);
        AssertCutOff(() => file.Read("a/bias"), path, "tensor 'a/bias'");
    }

    [Fact]
    public void A_TensorFlow_Lite_file_that_is_shortened_meanwhile_is_an_error_that_names_the_tensor()
    {
        var path = _folder.PathOf("x.tflite");
        SparseModels.WriteTflite(path, 64, 64);
        AssertCutOff(() => ReadShortened(path, 16), path, "tensor 'w'");
        AssertCutOff(() => ReadShortened(path, new FileInfo(path).Length - 64), path, "cut off while it was read");
    }

    private static void ReadShortened(string path, long missing)
    {
        using var stream = new ShortenedStream(File.ReadAllBytes(path), missing);
        TfliteModel.Read(stream, path, null, CancellationToken.None);
    }

    private static void AssertCutOff(Action read, string path, string expected)
    {
        var fault = Assert.Throws<ModelFormatException>(read);
        Assert.Equal(path, fault.File);
        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
    }

    private static void AssertListed(string path)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var graph = GraphFiles.ReadGraph(path, null, CancellationToken.None);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8 << 20);
        Assert.Equal(new FeatureShape(2, 2, Outputs), graph.Output);
    }

    /// <summary>Says that it is as long as it was.</summary>
    private sealed class ShortenedStream(byte[] content, long missing)
        : MemoryStream(content, 0, (int)(content.Length - missing))
    {
        public override long Length => base.Length + missing;
    }
}
