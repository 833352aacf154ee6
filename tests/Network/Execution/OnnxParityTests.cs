using ILGpuMobileNet.Network.Execution;
using ILGpuMobileNet.Network.Tests.Onnx;
using ILGpuMobileNet.Network.Weights;
using ILGpuMobileNet.Reference.Operations;

namespace ILGpuMobileNet.Network.Tests.Execution;

/// <summary>Files that PyTorch's exporter wrote, run here, against what PyTorch computed.</summary>
public sealed class OnnxParityTests
{
    public static TheoryData<string> Names { get; } = [.. OnnxGolden.All.Select(golden => golden.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Exported_network_gives_what_PyTorch_gives(string name)
    {
        var golden = OnnxGolden.Get(name);
        var model = golden.Read();
        var images = Npy.Read(OnnxGolden.InputPath);
        var batch = images.Shape[0];
        var output = new float[batch * model.Graph.Output.ElementCount];
        using var session = new CpuSession(model, new(batch));
        session.Run(GoldenNetworks.FromPlanar(images.Data.Span, model.Graph.Input), output, batch);
        var expected = Npy.Read(golden.OutputPath).Data.ToArray();
        Assert.InRange(Closeness.RelativeError([.. expected.Select(value => (double)value)], output), 0, 1e-4);
        Assert.True(Math.Abs(expected[0] - expected[expected.Length / batch]) > 1e-3 * expected.Max(Math.Abs));
    }
}
