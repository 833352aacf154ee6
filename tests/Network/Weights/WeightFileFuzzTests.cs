using ILGpuMobileNet.Network.Tests.Onnx;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Network.Tests.Weights;

public class WeightFileFuzzTests
{
    private const int CaseCount = 10_000;
    private static readonly Dictionary<string, string> _metadata = new() { ["format"] = "pt", ["note"] = "fuzz" };

    [Fact]
    public void Mutated_safetensors_are_read_or_refused()
    {
        byte[][] seeds =
        [
            .. SmallNetworks.All.Select(model => Bytes(stream => Safetensors.Write(stream, model.Weights))),
            Bytes(stream => Safetensors.Write(stream, SmallNetworks.V2().Weights, _metadata, ElementType.F16)),
        ];
        var accepted = Mutation.Run(seeds, CaseCount, ReadAll);
        Assert.InRange(accepted, 1, CaseCount - 1);
    }

    [Fact]
    public void Mutated_npy_files_are_read_or_refused()
    {
        int[][] shapes =
        [
            [],
            [7],
            [2, 3, 5],
            [1, 3, 8, 8],
        ];
        byte[][] seeds = [.. shapes.Select(shape => Bytes(stream => Npy.Write(stream, Zeros(shape))))];
        var accepted = Mutation.Run(
            seeds,
            CaseCount,
            file => Npy.Read(new MemoryStream(file), file.Length, "x", default)
        );
        Assert.InRange(accepted, 1, CaseCount - 1);
    }

    [Fact]
    public void Mutated_PyTorch_files_are_read_or_refused()
    {
        string[] names = ["plain.pth", "protocol4.pth", "types.pth", "views.pth", "checkpoint.pth"];
        var accepted = Mutation.Run([.. names.Select(WeightGoldens.Content)], CaseCount, ReadAllWeights);
        Assert.InRange(accepted, 1, CaseCount - 1);
    }

    [Fact]
    public void Mutated_pickles_in_a_PyTorch_file_are_read_or_refused()
    {
        var (pickle, storages) = PickleWriter.Unpack(WeightGoldens.Content("checkpoint.pth"));
        var accepted = Mutation.Run(
            [pickle],
            CaseCount,
            mutated => ReadAllWeights(ZipWriter.Archive([("a/data.pkl", mutated), .. storages]))
        );
        Assert.InRange(accepted, 1, CaseCount - 1);
    }

    [Fact]
    public void Mutated_Paddle_files_are_read_or_refused()
    {
        string[] names =
        [
            "plain0.pdparams",
            "plain2.pdparams",
            "plain5.pdparams",
            "nested2.pdparams",
            "nested4.pdparams",
            "python2_0.pdparams",
        ];
        var accepted = Mutation.Run([.. names.Select(WeightGoldens.Content)], CaseCount, ReadAllWeights);
        Assert.InRange(accepted, 1, CaseCount - 1);
    }

    [Fact]
    public void Mutated_npz_files_are_read_or_refused()
    {
        byte[][] seeds = [WeightGoldens.Content("stored.npz"), WeightGoldens.Content("deflated.npz")];
        var accepted = Mutation.Run(seeds, CaseCount, ReadArrays);
        Assert.InRange(accepted, 1, CaseCount - 1);
    }

    private static void ReadArrays(byte[] file)
    {
        using var arrays = NpzFile.Open(new MemoryStream(file), "x", default);
        foreach (var name in arrays.Names)
        {
            arrays.Read(name);
        }
    }

    private static void ReadAllWeights(byte[] file)
    {
        using var weights = WeightFiles.Open(new MemoryStream(file), "x", default);
        foreach (var tensor in weights.Tensors.Where(tensor => Elements.AreWeights(tensor.Type)))
        {
            weights.Read(tensor.Name);
        }
    }

    private static void ReadAll(byte[] file)
    {
        using var weights = WeightFiles.Open(new MemoryStream(file), "x", default);
        weights.ReadAll();
    }

    private static Tensor Zeros(int[] shape) => new([.. shape], new float[shape.Aggregate(1, (a, b) => a * b)]);

    private static byte[] Bytes(Action<Stream> write)
    {
        using var stream = new MemoryStream();
        write(stream);
        return stream.ToArray();
    }
}
