using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Graph;
using ILGpuMobileNet.Network.Weights;
using ILGpuMobileNet.Reference;
using ILGpuMobileNet.Reference.Onnx;

namespace ILGpuMobileNet.Host.Tests.Models;

/// <summary>Contracts that the user names for a graph, which has no tensors' names to know its network by.</summary>
public sealed class GraphContractTests : IDisposable
{
    private const string KerasV2 = "keras/MobileNetV2.imagenet";
    private const string TimmV2 = "timm/mobilenetv2_100.ra_in1k";

    private static readonly Extent _small = Extent.Square(64);

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Contracts =>
        [.. ContractCatalog.All.DistinctBy(row => (row.Ecosystem, row.Architecture)).Select(row => row.Name)];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Contracts))]
    public void A_contract_fits_an_export_of_its_own_network(string contract)
    {
        var row = ContractCatalog.Get(contract);

        var loaded = Load(Export(Built(contract)), contract);

        Assert.Equal((contract, ContractEvidence.Chosen), (loaded.Contract?.Name, loaded.Evidence));
        Assert.Equal(contract, loaded.PreparedAs);
        Assert.Equal(row.Preprocessing, loaded.Preprocessing);
    }

    [Theory]
    [MemberData(nameof(Contracts))]
    public void A_contract_does_not_fit_an_export_of_another_network(string contract)
    {
        var row = ContractCatalog.Get(contract);
        var other = row.Architecture == "mobilenet_v2" ? "mobilenet_v3_small" : "mobilenet_v2";
        var options = new ModelOptions
        {
            Model = other,
            RandomSeed = 1,
            Classes = row.Classes ?? 2,
        };

        var fault = Refusal(Export(options), contract);

        Assert.Contains($"The contract {contract} is of {row.Architecture} in the form of", fault, Sense);
    }

    [Fact]
    public void A_contract_of_V3_on_a_graph_of_V2_names_the_first_layers_that_differ()
    {
        var file = Export(Built(TimmV2));

        var fault = Refusal(file, "timm/mobilenetv3_large_100.ra_in1k");

        Assert.Contains("is of mobilenet_v3_large in the form of timm, width 1, whose convolution 1 is", fault, Sense);
        Assert.Contains("3x3, stride 2x2, 3 to 16 channels (", fault, Sense);
        Assert.Contains($"in '{file}' it is 3x3, stride 2x2, 3 to 32 channels ('", fault, Sense);
        Assert.Contains("Name the contract of the file's network, or leave the contract out", fault, Sense);
        Assert.Contains("--preprocessing, --mean, --std", fault, Sense);
    }

    [Theory]
    [InlineData(TimmV2, KerasV2, "as TensorFlow does, by 0 above", "symmetrically, by 1 above")]
    [InlineData(KerasV2, TimmV2, "symmetrically, by 1 above", "as TensorFlow does, by 0 above")]
    public void A_contract_that_pads_otherwise_is_refused(string of, string asked, string own, string found)
    {
        var file = Export(Built(of));

        var fault = Refusal(file, asked);

        Assert.Contains($"of stride 2 pads {own}", fault, Sense);
        Assert.Contains($"in '{file}' convolution '", fault, Sense);
        Assert.Contains($"pads {found}", fault, Sense);
    }

    [Theory]
    [InlineData(
        "timm/mobilenetv3_large_100.ra_in1k",
        "epsilon",
        "batch normalisation adds an epsilon of 1E-05",
        "adds 0.002"
    )]
    [InlineData(TimmV2, "activation", "reads relu6", "reads relu (the first of 35)")]
    [InlineData(
        "timm/mobilenetv3_large_100.ra_in1k",
        "gate",
        "is gated by hard-sigmoid",
        "is gated by sigmoid (the first of 8)"
    )]
    public void A_contract_that_computes_otherwise_is_refused(string contract, string item, string own, string found)
    {
        var other = new NumericsOptions { Force = true };
        other = item switch
        {
            "epsilon" => other with { BatchNormEpsilon = 2e-3 },
            "gate" => other with { Gate = Activation.Sigmoid },
            _ => other with { Relu = Activation.Relu },
        };
        var file = Export(Built(contract) with { Numerics = other });

        var fault = Refusal(file, contract);

        Assert.Contains($"The contract {contract} is of ", fault, Sense);
        Assert.Contains($"{own}, but in '{file}' ", fault, Sense);
        Assert.Contains(found, fault, Sense);
        Assert.Contains("Name the contract of the file's network", fault, Sense);
    }

    [Fact]
    public void A_graph_whose_epsilon_cannot_be_seen_is_said_to_be_so()
    {
        static Layer Folded(Layer layer) => layer is BatchNormLayer norm ? norm with { Epsilon = 0 } : layer;
        var (whole, graph) = (Built(KerasV2), ModelSource.LoadGraph(Built(KerasV2)).WithLayers(Folded));
        var content = OnnxWriter.Write(new(graph, WeightFormula.Create(graph, 1)), new());
        File.WriteAllBytes(_folder.PathOf("folded.onnx"), content);

        var note = Load(_folder.PathOf("folded.onnx"), KerasV2).Assumptions[^1];

        Assert.StartsWith($"The epsilon of 0.001 that {KerasV2} has is taken for granted: ", note, Sense);
        Assert.Empty(Load(Export(whole), KerasV2).Assumptions);
    }

    [Theory]
    [InlineData(0.35)]
    [InlineData(0.75)]
    [InlineData(1.4)]
    public void A_contract_of_every_width_fits_every_width(double width)
    {
        var options = Built(KerasV2) with { Width = width };

        Assert.Equal(KerasV2, Load(Export(options), KerasV2).PreparedAs);
    }

    [Fact]
    public void A_contract_of_one_width_does_not_fit_another()
    {
        var file = Export(Built(TimmV2) with { Width = 0.5 });

        Assert.Contains("width 1, whose convolution 1 is", Refusal(file, TimmV2), Sense);
        Assert.Equal(0.5, Load(file, "timm/mobilenetv2_050.lamb_in1k").Contract?.Width);
    }

    [Theory]
    [InlineData(61, 96)]
    [InlineData(33, 33)]
    public void Another_resolution_makes_no_difference(int height, int width)
    {
        foreach (var contract in (string[])[TimmV2, KerasV2])
        {
            var options = Built(contract) with { Resolution = new Extent(height, width) };

            Assert.Equal(contract, Load(Export(options), contract).PreparedAs);
        }
    }

    [Fact]
    public void What_differs_from_the_contract_is_said()
    {
        var options = new ModelOptions
        {
            Model = Export(Built(TimmV2)),
            Contract = TimmV2,
            PreprocessingChanges = new() { Mean = ColourValues.Same(0.4f) },
        };

        Assert.Equal($"{TimmV2} with changes", ModelSource.Load(options).PreparedAs);
        var named = options with { Preprocessing = Preprocessing.ImageNet, PreprocessingChanges = null };
        Assert.Equal("imagenet", ModelSource.Load(named).PreparedAs);
    }

    [Fact]
    public void A_graph_without_its_weights_is_checked_too()
    {
        var options = new ModelOptions { Model = Export(Built(TimmV2)), Contract = KerasV2 };

        Assert.Throws<ArgumentException>(() => ModelSource.LoadGraph(options));
    }

    [Fact]
    public void That_nothing_says_how_pictures_are_prepared_is_told()
    {
        var export = Export(Built(TimmV2));
        var file = _folder.PathOf("mobilenetv2_100.ra_in1k.onnx");
        File.Copy(export, file);
        var options = new ModelOptions { Model = file };

        var plain = Assert.Single(ModelSource.Load(options with { Model = export }).Assumptions);
        var named = ModelSource.Load(options).Assumptions;

        Assert.StartsWith("No contract is known for it: pictures are prepared as is usual for ImageNet", plain, Sense);
        Assert.StartsWith($"Its path has the name of {TimmV2}", named[0], Sense);
        Assert.Contains("which is not used: of a graph --contract NAME says which contract it has.", named[0], Sense);
        Assert.Equal(plain, named[1]);
        Assert.Empty(ModelSource.Load(options with { Contract = TimmV2 }).Assumptions);
        Assert.Empty(ModelSource.Load(options with { Preprocessing = Preprocessing.KerasTf }).Assumptions);
    }

    [Theory]
    [InlineData(KerasV2, 255)]
    [InlineData(TimmV2, 255)]
    [InlineData(TimmV2, 1)]
    public void A_graph_that_normalises_as_its_contract_does_is_given_pixels(string contract, float largest)
    {
        var way = ContractCatalog.Get(contract).Preprocessing;
        var options = new ModelOptions { Model = ExportNormalised(contract, way, largest), Contract = contract };

        var loaded = ModelSource.Load(options);

        Assert.Equal((default, ColourValues.Same(1 / largest)), (loaded.Preprocessing.Mean, loaded.Preprocessing.Std));
        Assert.Equal(way.Resize, loaded.Preprocessing.Resize);
        Assert.Equal(contract, loaded.PreparedAs);
        var note = Assert.Single(loaded.Assumptions);
        Assert.Contains($"as {contract} does: it is given pixels from 0 to {largest}, which are not", note, Sense);
    }

    [Fact]
    public void One_that_normalises_otherwise_than_its_contract_is_refused_unless_the_user_says_how()
    {
        var file = ExportNormalised(KerasV2, Preprocessing.ImageNet, 255);

        var fault = Refusal(file, KerasV2);

        Assert.Contains(
            $"The contract {KerasV2} normalises pictures by mean 0.5 and deviation 0.5, but '{file}' ",
            fault,
            Sense
        );
        Assert.Contains("multiplies the image by 0.0171248,0.017507,0.0174292 and adds -2.1179,", fault, Sense);
        Assert.Contains(
            "--mean 0 --std 0.00392157 for pixels from 0 to 255, --mean 0 --std 1 for pixels from",
            fault,
            Sense
        );
        var options = new ModelOptions { Model = file, Contract = KerasV2 };
        var pixels = new PreprocessingChanges { Mean = default(ColourValues), Std = ColourValues.Same(0.00392157f) };
        Assert.Empty(ModelSource.Load(options with { PreprocessingChanges = pixels }).Assumptions);
        var twice = ModelSource.Load(options with { Preprocessing = Preprocessing.KerasTf });
        Assert.Equal(Preprocessing.KerasTf, twice.Preprocessing);
        Assert.Contains("from pictures that were prepared already. What gives it pixels", twice.Assumptions[^1], Sense);
    }

    [Fact]
    public void Without_a_contract_it_is_said_that_pictures_are_prepared_twice()
    {
        var options = new ModelOptions { Model = ExportNormalised(KerasV2, Preprocessing.KerasTf, 255) };

        var loaded = ModelSource.Load(options);

        Assert.Equal(Preprocessing.ImageNet, loaded.Preprocessing);
        Assert.Contains("prepares its input itself ('", loaded.Assumptions[^1], Sense);
        Assert.EndsWith("for pixels from 0 to 1 (in the library PreprocessingChanges).", loaded.Assumptions[^1], Sense);
    }

    [Fact]
    public void Factors_that_change_nothing_make_no_difference()
    {
        var file = ExportNormalised(KerasV2, new() { Resize = ResizeRule.ShorterSide }, 1);

        Assert.Equal(Preprocessing.KerasTf, Load(file, KerasV2).Preprocessing);
    }

    private const StringComparison Sense = StringComparison.Ordinal;

    private static ModelOptions Built(string contract)
    {
        var row = ContractCatalog.Get(contract);
        return new()
        {
            Model = row.Architecture,
            Ecosystem = row.Ecosystem,
            Width = row.Width,
            Classes = row.Classes,
            Resolution = row.Resolution == Extent.Square(224) ? _small : row.Resolution,
            RandomSeed = 1,
        };
    }

    private string ExportNormalised(string contract, Preprocessing way, float largest)
    {
        var path = _folder.PathOf("normalised.onnx");
        var model = Normalised.By(ModelSource.LoadGraph(Built(contract)), way, largest);
        File.WriteAllBytes(path, OnnxWriter.Write(model, new OnnxWriteOptions()));
        return path;
    }

    private string Export(ModelOptions options)
    {
        var path = _folder.PathOf("net.onnx");
        File.WriteAllBytes(path, OnnxWriter.Write(ModelSource.Load(options).Model, new OnnxWriteOptions()));
        return path;
    }

    private static LoadedModel Load(string path, string contract) =>
        ModelSource.Load(new ModelOptions { Model = path, Contract = contract });

    private static string Refusal(string path, string contract) =>
        Assert.Throws<ArgumentException>(() => Load(path, contract)).Message;
}
