using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Architectures;
using ILGpuMobileNet.Network.Execution;
using ILGpuMobileNet.Network.Graph;
using ILGpuMobileNet.Network.Tests.Execution;
using ILGpuMobileNet.Network.Weights;
using ILGpuMobileNet.Reference.Operations;

namespace ILGpuMobileNet.Network.Tests.Forms;

/// <summary>Names, layouts and numerics of every form against the ecosystem's own source.</summary>
public sealed class FormGoldenTests
{
    private const ulong Seed = 1;
    private const double Tolerance = 1e-4;

    public static TheoryData<string> Names => FormGolden.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Computes_what_the_ecosystem_computes(string name)
    {
        var golden = FormGolden.Get(name);
        using var file = golden.OpenFile();
        var graph = Build(golden);
        var form = ArchitectureCatalog.Get(golden.Architecture).FormOf(golden.Form);
        var weights = WeightBinding.Bind(file, graph, form);
        weights.Check(graph);

        using var session = new CpuSession(new(graph, weights), new(golden.Batch));
        var output = GoldenNetworks.Run(session, Input(golden), golden.Batch);
        var expected = golden.Output.Data.ToArray().Select(value => (double)value).ToArray();
        Assert.InRange(Closeness.RelativeError(expected, output), 0, Tolerance);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Is_recognised_with_its_width_and_classes(string name)
    {
        var golden = FormGolden.Get(name);
        using var file = golden.OpenFile();
        var fits = WeightIdentity.Identify(file);
        var fit = fits.First(fit => fit.Form.Ecosystem == golden.Form);
        Assert.True(fit.IsExact, string.Join("; ", [.. fit.Missing, .. fit.Misshaped, .. fit.Unused]));
        Assert.Equal(golden.Architecture, fit.Architecture.Name);
        Assert.Equal(golden.Width, fit.Width);
        Assert.Equal(golden.Classes, fit.Classes);
        Assert.False(fit.ReducedTail);
        // timm's own weights and its conversions from TensorFlow look the same.
        Assert.Equal(golden.Form == "timm-tf" ? "timm" : golden.Form, fits[0].Form.Ecosystem);
    }

    private static NetworkGraph Build(FormGolden golden) =>
        ArchitectureCatalog
            .Get(golden.Architecture)
            .Build(
                new()
                {
                    Form = golden.Form,
                    Width = golden.Width,
                    Resolution = new Extent(golden.Height, golden.InputWidth),
                    Classes = golden.Classes,
                }
            );

    private static float[] Input(FormGolden golden)
    {
        var shape = new FeatureShape(golden.Height, golden.InputWidth, 3);
        var values = new float[golden.Batch * shape.ElementCount];
        WeightFormula.Fill("input", Seed, values, scale: 2, offset: -1);
        return GoldenNetworks.FromPlanar(values, shape);
    }
}
