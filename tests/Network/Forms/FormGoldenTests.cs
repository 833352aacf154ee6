using ILGpuMobileNet.Network.Execution;
using ILGpuMobileNet.Network.Tests.Execution;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Network.Tests.Forms;

/// <summary>Names, layouts and numerics of every form against the ecosystem's own source.</summary>
public sealed class FormGoldenTests
{
    public static TheoryData<string> Names => FormGolden.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Computes_what_the_ecosystem_computes(string name)
    {
        var golden = FormGolden.Get(name);
        using var session = new CpuSession(golden.Load(), new(golden.Batch));
        golden.AssertClose(GoldenNetworks.Run(session, golden.Input(), golden.Batch));
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
        // timm's own weights and its conversions from TensorFlow look the same; it has no minimalistic ones of its own.
        var looksAsTimm =
            golden.Form == "timm-tf" && !golden.Architecture.EndsWith("_minimalistic", StringComparison.Ordinal);
        Assert.Equal(looksAsTimm ? "timm" : golden.Form, fits[0].Form.Ecosystem);
    }
}
