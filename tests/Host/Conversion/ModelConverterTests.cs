using ILGpuMobileNet.Host.Tests.Contracts;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Architectures;
using ILGpuMobileNet.Network.Execution;
using ILGpuMobileNet.Network.Weights;
using ILGpuMobileNet.Reference;
using ILGpuMobileNet.Reference.Onnx;

namespace ILGpuMobileNet.Host.Tests.Conversion;

public sealed class ModelConverterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Converted => _folder.PathOf("converted.safetensors");

    public static TheoryData<string, string> Forms
    {
        get
        {
            var forms = new TheoryData<string, string>();
            foreach (var network in ArchitectureCatalog.All)
            {
                foreach (var form in network.Forms)
                {
                    forms.Add(network.Name, form.Ecosystem);
                }
            }
            return forms;
        }
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Every_network_in_every_form_loads_alone_and_computes_the_same_bits(string network, string ecosystem)
    {
        var original = ModelSource.Load(
            new ModelOptions
            {
                Model = network,
                Ecosystem = ecosystem,
                RandomSeed = 3,
                Width = 0.25,
                Resolution = new(64, 48),
            }
        );

        ModelConverter.Write(original, Converted);
        var loaded = ModelSource.Load(new ModelOptions { Model = Converted });

        Assert.Equal((original.Name, original.Preprocessing), (loaded.Name, loaded.Preprocessing));
        Assert.Equal(original.Model.Graph.Input, loaded.Model.Graph.Input);
        Assert.Equal((ContractEvidence.Metadata, original.Contract), (loaded.Evidence, loaded.Contract));
        // Nothing is assumed; told is only what is other than the contract says.
        Assert.All(
            loaded.Assumptions,
            note => Assert.Matches("^Its input is 64x48 |^It has (no names of its classes|1000 classes)", note)
        );
        Assert.Equal(Outputs(original), Outputs(loaded));
    }

    [Theory]
    [InlineData("timm-tf-tf_mobilenetv3_small_100", "timm-tf")]
    [InlineData("keras-MobileNet", "keras")]
    [InlineData("paddleclas-MobileNetV3_small_x0_35", "paddleclas")]
    public void A_published_file_loads_alone_and_computes_the_same_bits(string list, string ecosystem)
    {
        var path = PublishedFile.Write(_folder, list, 1000);
        var resolution = new Extent(33, 47);
        var original = ModelSource.Load(
            new ModelOptions
            {
                Model = path,
                Ecosystem = ecosystem,
                Resolution = resolution,
            }
        );

        ModelConverter.Write(original, Converted);
        var loaded = ModelSource.Load(new ModelOptions { Model = Converted });

        Assert.Equal(resolution, new(loaded.Model.Graph.Input.Height, loaded.Model.Graph.Input.Width));
        Assert.Equal(original.Labels!.Names, loaded.Labels!.Names);
        Assert.Equal(Outputs(original), Outputs(loaded));
    }

    [Fact]
    public void Forced_numerics_changed_pictures_and_own_labels_are_kept()
    {
        var options = new ModelOptions
        {
            Model = "mobilenet_v3_small",
            RandomSeed = 1,
            Classes = 2,
            Resolution = new(32, 32),
            ReducedTail = true,
            Numerics = new()
            {
                BatchNormEpsilon = 0.5,
                Gate = Activation.HardSigmoid(0.2f),
                Relu = Activation.Relu6,
                Force = true,
            },
            PreprocessingChanges = new() { Interpolation = Interpolation.Nearest },
        };
        var original = ModelSource.Load(options);

        ModelConverter.Write(original, Converted, labels: new Labels(["left", "right"]));
        var loaded = ModelSource.Load(new ModelOptions { Model = Converted });
        var agreeing = ModelSource.Load(
            new ModelOptions
            {
                Model = "mobilenet_v3_small",
                Weights = Converted,
                Classes = 2,
            }
        );

        Assert.Equal(Outputs(original), Outputs(loaded));
        Assert.Equal(Outputs(original), Outputs(agreeing));
        Assert.Equal(Activation.Relu6, loaded.Description!.Numerics.Relu);
        Assert.Equal(Interpolation.Nearest, loaded.Preprocessing.Interpolation);
        Assert.Equal(["left", "right"], loaded.Labels!.Names);
        Assert.EndsWith("with changes", loaded.PreparedAs, StringComparison.Ordinal);
    }

    [Fact]
    public void Half_precision_rounds_the_weights()
    {
        var original = ModelSource.Load(new ModelOptions { Model = "mobilenet_v2_relu", RandomSeed = 1 });

        ModelConverter.Write(original, Converted, ElementType.F16);
        var loaded = ModelSource.Load(new ModelOptions { Model = Converted });

        var parameter = original.Model.Graph.Parameters.First();
        var expected = original.Model.Weights[parameter].Data.ToArray().Select(value => (float)(Half)value);
        Assert.Equal(expected, loaded.Model.Weights[parameter].Data.ToArray());
    }

    public static TheoryData<ModelOptions, string> Contradictions { get; } =
        new()
        {
            {
                new() { Model = "mobilenet_v1" },
                "network mobilenet_v1 was asked for, it has mobilenet_v2"
            },
            {
                new() { Ecosystem = "keras" },
                "ecosystem keras was asked for, it has torchvision"
            },
            {
                new() { Contract = "mobilenet_v2.IMAGENET1K_V2" },
                "contract torchvision/mobilenet_v2.IMAGENET1K_V2 was asked for, it has torchvision/mobilenet_v2.IMAGENET1K_V1"
            },
            {
                new() { Width = 0.5 },
                "width 0.5 was asked for, it has 0.1"
            },
            {
                new() { Classes = 4 },
                "classes 4 was asked for, it has 3"
            },
            {
                new() { ReducedTail = true },
                "tail reduced was asked for, it has whole"
            },
            {
                new() { Numerics = new() { BatchNormEpsilon = 1e-3 } },
                "epsilon 0.001 was asked for, it has 1E-05"
            },
            {
                new() { Numerics = new() { Relu = Activation.Relu } },
                "activation relu was asked for, it has relu6"
            },
        };

    [Theory]
    [MemberData(nameof(Contradictions))]
    public void What_contradicts_the_file_s_own_words_is_refused_with_both_sides(ModelOptions options, string message)
    {
        var original = new ModelOptions
        {
            Model = "mobilenet_v2",
            RandomSeed = 1,
            Width = 0.1,
            Classes = 3,
            Resolution = new(32, 32),
        };
        ModelConverter.Write(ModelSource.Load(original), Converted);

        var fault = Assert.Throws<ArgumentException>(() => ModelSource.Load(options with { Weights = Converted }));

        Assert.Contains("says about itself", fault.Message, StringComparison.Ordinal);
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_description_of_no_network_is_a_fault_of_the_file()
    {
        var original = ModelSource.Load(new ModelOptions { Model = "mobilenet_v2_relu", RandomSeed = 1 });
        var description = original.Description! with { Width = 1000 };
        Safetensors.Write(Converted, original.Model.Weights, description.ToMetadata());

        var fault = Assert.Throws<ModelFormatException>(() =>
            ModelSource.LoadGraph(new ModelOptions { Model = Converted })
        );

        Assert.Contains("its metadata describe no network", fault.Message, StringComparison.Ordinal);
        Assert.Contains("got width 1000", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Pictures_that_cannot_be_prepared_are_not_written()
    {
        var model = ModelSource.Load(new ModelOptions { Model = "mobilenet_v2_relu", RandomSeed = 1 });
        model = model with { Preprocessing = model.Preprocessing with { Std = default } };

        var fault = Assert.Throws<ArgumentException>(() => ModelConverter.Write(model, Converted));

        Assert.Contains("(--std, in the library Std) 0, expected", fault.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Converted));
    }

    [Fact]
    public void A_graph_is_refused()
    {
        var model = ModelSource.Load(new ModelOptions { Model = "mobilenet_v2_relu", RandomSeed = 1 }).Model;
        File.WriteAllBytes(_folder.PathOf("net.onnx"), OnnxWriter.Write(model, new OnnxWriteOptions()));
        var graph = ModelSource.Load(new ModelOptions { Model = _folder.PathOf("net.onnx") });

        var fault = Assert.Throws<ModelFormatException>(() => ModelConverter.Write(graph, Converted));

        Assert.Contains("is a graph", fault.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Converted));
    }

    private static float[] Outputs(LoadedModel loaded)
    {
        var input = new float[loaded.Model.Graph.Input.ElementCount];
        WeightFormula.Fill("input", 1, input, scale: 2, offset: -1);
        using var session = Host.Devices.CreateSession(loaded.Model, DeviceName.Cpu, new SessionOptions(1));
        var output = new float[session.Output.ElementCount];
        session.Run(input, output, 1);
        return output;
    }
}
