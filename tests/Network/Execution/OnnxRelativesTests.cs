using ILGpuMobileNet.Network.Execution;
using ILGpuMobileNet.Network.Graph;
using ILGpuMobileNet.Network.Tests.Onnx;
using ILGpuMobileNet.Network.Weights;
using ILGpuMobileNet.Reference;
using ILGpuMobileNet.Reference.Operations;

namespace ILGpuMobileNet.Network.Tests.Execution;

/// <summary>
/// Networks beyond the MobileNets as PyTorch's exporter writes them, against what PyTorch and ONNX Runtime compute.
/// </summary>
[Trait("Device", "ilgpu")]
[Collection("device")]
public sealed class OnnxRelativesTests : IDisposable
{
    private const double Tolerance = 1e-4;

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Names => OnnxRelative.Names;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void Exported_network_has_the_layers_of_its_modules(string name)
    {
        var relative = OnnxRelative.Get(name);
        var model = relative.Read();
        model.Weights.Check(model.Graph);
        Assert.Equal(relative.Convolutions, model.Graph.Layers.OfType<ConvolutionLayer>().Count());
        Assert.Equal(relative.Linears, model.Graph.Layers.OfType<LinearLayer>().Count());
        Assert.True(relative.Poolings <= model.Graph.Layers.OfType<PoolLayer>().Count());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Gives_what_PyTorch_gives_on_the_CPU(string name) =>
        Check(OnnxRelative.Get(name), (model, batch) => new CpuSession(model, new(batch)));

    [Theory]
    [MemberData(nameof(Names))]
    public void Gives_what_PyTorch_gives_on_an_accelerator(string name) =>
        Check(
            OnnxRelative.Get(name),
            (model, batch) => new GpuSession(model, TestDevice.Shared.Accelerator, "test", new(batch))
        );

    [Theory]
    [MemberData(nameof(Names))]
    public void Any_number_of_threads_gives_the_same_bits(string name)
    {
        var model = OnnxRelative.Get(name).Read();
        float[] Output(int threads)
        {
            using var session = new CpuSession(model, new(3, threads));
            return Run(session, model, 3);
        }
        var expected = Output(1);
        Assert.All([2, 3, 16], threads => Assert.Equal(expected, Output(threads)));
    }

    [SkippableTheory]
    [MemberData(nameof(Names))]
    public void Gives_what_ONNX_Runtime_gives(string name)
    {
        Skip.IfNot(OnnxRuntimePeer.IsInstalled, OnnxRuntimePeer.Missing);
        var relative = OnnxRelative.Get(name);
        var output = _folder.PathOf("output.npy");
        using var peer = new OnnxRuntimePeer(relative.FilePath);
        peer.Run(OnnxGolden.InputPath, output);
        var model = relative.Read();
        using var session = new CpuSession(model, new(2));
        AssertClose(Npy.Read(output).Data.ToArray(), Run(session, model, 2));
    }

    /// <summary>Holds batches of one and of three images against PyTorch's results for the two of the file.</summary>
    private static void Check(OnnxRelative relative, Func<Model, int, ISession> open)
    {
        var model = relative.Read();
        var expected = Npy.Read(relative.OutputPath).Data.ToArray();
        var classes = expected.Length / 2;
        var differences = expected.Take(classes).Zip(expected.Skip(classes), (a, b) => Math.Abs(a - b));
        Assert.True(differences.Max() > 1e-3 * expected.Max(Math.Abs)); // the output depends on the image
        using var one = open(model, 1);
        AssertClose(expected[..classes], Run(one, model, 1));
        using var three = open(model, 3);
        AssertClose([.. expected, .. expected[..classes]], Run(three, model, 3));
    }

    /// <summary>The images of the file one after the other, from the first on again.</summary>
    private static float[] Run(ISession session, Model model, int batch)
    {
        var images = GoldenNetworks.FromPlanar(Npy.Read(OnnxGolden.InputPath).Data.Span, model.Graph.Input);
        var input = images.Concat(images).Take((int)(batch * model.Graph.Input.ElementCount));
        return GoldenNetworks.Run(session, [.. input], batch);
    }

    private static void AssertClose(float[] expected, float[] output) =>
        Assert.InRange(Closeness.RelativeError([.. expected.Select(value => (double)value)], output), 0, Tolerance);
}
