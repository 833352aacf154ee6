using ILGpuMobileNet.Network.Onnx;
using ILGpuMobileNet.Network.Tests.Weights;
using ILGpuMobileNet.Reference.Onnx;

namespace ILGpuMobileNet.Network.Tests.Onnx;

public class OnnxFuzzTests
{
    private const int CaseCount = 20_000;

    [Fact]
    public void Mutated_files_are_read_or_refused()
    {
        int[] opsets = [7, 11, 13, 18];
        var seeds =
            from opset in opsets
            from model in SmallNetworks.All
            select OnnxWriter.Write(model, new(opset, ConstantNodes: opset == 13, HardSwishForm.DivideLast));
        var accepted = Mutation.Run([.. seeds], CaseCount, file => OnnxModel.Read(file, "x.onnx"));
        Assert.InRange(accepted, 1, CaseCount - 1);
    }

    [Fact]
    public void Mutated_files_whose_elements_are_fields_are_read_or_refused()
    {
        var file = new GraphFile()
            .Scalar("low", 0)
            .Scalar("high", 6)
            .Node("Clip", "x low high", "a")
            .Integers("shape", 0, -1)
            .Node("GlobalAveragePool", "a", "b")
            .Node("Reshape", "b shape", "y")
            .ToArray();
        var accepted = Mutation.Run([file], CaseCount, mutated => OnnxModel.Read(mutated, "x.onnx"));
        Assert.InRange(accepted, 1, CaseCount - 1);
    }

    [Fact]
    public void Mutated_files_of_a_real_exporter_are_read_or_refused()
    {
        byte[][] seeds =
        [
            .. OnnxGolden.All.Select(golden => golden.Content),
            .. OnnxRelative.All.Select(relative => File.ReadAllBytes(relative.FilePath)),
        ];
        Mutation.Run(seeds, 800, file => OnnxModel.Read(file, "x.onnx"));
    }
}
