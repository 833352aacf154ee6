using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network;
using ILGpuMobileNet.Network.Architectures;
using ILGpuMobileNet.Network.Graph;
using ILGpuMobileNet.Network.Weights;
using ILGpuMobileNet.Reference;
using ILGpuMobileNet.Reference.Onnx;

namespace ILGpuMobileNet.Host.Tests.Models;

/// <summary>ONNX files as weights whose operators compute, or do not compute, what their network does.</summary>
public sealed class OperatorNumericsTests : IDisposable
{
    private const string V2 = "mobilenet_v2";
    private const string Small = "mobilenet_v3_small";
    private const string Large = "mobilenet_v3_large";
    private const StringComparison Sense = StringComparison.Ordinal;
    private const string AsGraph = "load it as the graph that it is, without naming an architecture: --model ";

    private static readonly Extent _resolution = Extent.Square(64);

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, string, HardSwishForm, int> Written
    {
        get
        {
            var data = new TheoryData<string, string, HardSwishForm, int>();
            foreach (var architecture in ArchitectureCatalog.All)
            {
                foreach (var form in architecture.Forms)
                {
                    data.Add(architecture.Name, form.Ecosystem, HardSwishForm.Native, 17);
                    data.Add(architecture.Name, form.Ecosystem, HardSwishForm.DivideInput, 9);
                    data.Add(architecture.Name, form.Ecosystem, HardSwishForm.DivideLast, 13);
                }
            }
            return data;
        }
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Written))]
    public void What_computes_as_its_network_does_is_accepted(
        string architecture,
        string form,
        HardSwishForm hardSwish,
        int opset
    )
    {
        var built = Build(architecture, form, family => family);
        var file = Write(built, new OnnxWriteOptions(opset, HardSwish: hardSwish));

        Assert.Empty(NetworkComparison.Of(built, GraphFiles.ReadGraph(file, null, default), asWeights: true));
    }

    [Theory]
    [InlineData(
        V2,
        "--activation relu",
        "reads relu6, but in the file convolution 'features.1.conv.0.0' reads relu (the first of 35)"
    )]
    [InlineData(
        V2,
        "--epsilon 0.002",
        "adds an epsilon of 1E-05, but in the file 'features.0.1' adds 0.002 (the first of 52)"
    )]
    [InlineData(V2, "--padding same", "pads symmetrically, by 1 above, 1 left, 1 below and 1 right, but in the file ")]
    [InlineData(
        Small,
        "--gate sigmoid",
        "is gated by hard-sigmoid, but in the file convolution 'features.1.block.2.0' is gated by sigmoid ("
    )]
    [InlineData(Small, "--gate hard-sigmoid:0.2", "is gated by hard-sigmoid:0.2 (the first of 9)")]
    [InlineData(Small, "--epsilon 1E-05 --padding same --gate hard-swish --activation relu6", "reads relu6 (")]
    public void What_options_can_say_is_refused_with_both_sides_unless_it_is_forced(
        string architecture,
        string items,
        string fault
    )
    {
        var numerics = Parsed(items);
        var file = Write(Build(architecture, null, family => (numerics with { Force = true }).ApplyTo(family, "")));

        var refusal = Refusal(file, new() { Model = architecture });

        Assert.Contains($"its tensors are those of {architecture} of torchvision, width 0.25, ", refusal, Sense);
        Assert.Contains(fault, refusal, Sense);
        Assert.EndsWith(
            $"To compute as the file says, add {items} --force-numerics (in the library NumericsOptions, with Force).",
            refusal,
            Sense
        );
        Assert.Contains(fault, Refusal(file, new() { Model = architecture, Numerics = numerics }), Sense);
        var forced = new ModelOptions { Model = architecture, Numerics = numerics with { Force = true } };
        Assert.Equal(architecture, Load(file, forced).Description!.Architecture);
    }

    [Fact]
    public void What_is_forced_is_the_users_and_the_rest_is_the_files()
    {
        var file = Write(Build(V2, null, family => family with { BatchNormEpsilon = 1e-3, Relu = Activation.Relu }));
        var forced = new NumericsOptions { BatchNormEpsilon = 0.5, Force = true };

        var refusal = Refusal(file, new() { Model = V2, Numerics = forced });

        Assert.DoesNotContain("whose batch normalisation", refusal, Sense);
        Assert.Contains("add --epsilon 0.5 --activation relu --force-numerics", refusal, Sense);
        Load(file, new() { Model = V2, Numerics = forced with { Relu = Activation.Relu } });
    }

    [Theory]
    [InlineData(Small, "hard-swish", "whose convolution 'features.1.block.0.0' reads hard-swish, but in the file ")]
    [InlineData(
        V2,
        "stride",
        "whose convolution 1 is 3x3, stride 2x2, 3 to 8 channels ('features.0.0'), but in the file it is "
    )]
    [InlineData(V2, "dilation", "has dilation 1x1, but in the file convolution 'features.1.conv.0.0' has dilation 2x2")]
    [InlineData(V2, "padding", "pads with nothing, by 0 above, 0 left, 0 below and 0 right")]
    [InlineData(V2, "residual", "reads a sum, but in the file convolution 'features.")]
    [InlineData(V2, "output", "whose output has no activation, but in the file the output has sigmoid")]
    [InlineData(
        V2,
        "end",
        "whose convolution 53 is 1x1, stride 1x1, 1280 to 1000 channels ('classifier.1'), but in the file it is missing"
    )]
    public void What_no_option_can_say_is_refused_with_both_sides(string architecture, string change, string fault)
    {
        var file = Write(Changed(Build(architecture), change));

        var refusal = Refusal(file, new() { Model = architecture });

        Assert.Contains(fault, refusal, Sense);
        Assert.Contains($"{AsGraph}{file} (in the library Model).", refusal, Sense);
    }

    [Fact]
    public void Forms_with_the_same_tensors_are_told_by_their_operators()
    {
        var timm = Write(InNamesOf("timm"), "timm.onnx");
        var converted = Write(InNamesOf("timm-tf"), "converted.onnx");
        var options = new ModelOptions { Model = Large };

        Assert.Equal("timm", Load(timm, options).Description!.Ecosystem);
        Assert.Equal("timm-tf", Load(converted, options).Description!.Ecosystem);
        var refusal = Refusal(converted, options with { Ecosystem = "timm" });
        Assert.Contains("whose batch normalisation adds an epsilon of 1E-05, but in the file ", refusal, Sense);
        Assert.Contains("Its operators are those of timm-tf: name that, --ecosystem timm-tf", refusal, Sense);
    }

    [Theory]
    [InlineData("Conv", 0, "Its operators cannot be read: that they compute what mobilenet_v2 does is assumed. ")]
    [InlineData("Conv", 9, "Its operator 'features.4.conv.0.0' (Xonv) cannot be read: that it computes what ")]
    [InlineData("Clip", 9, "Its operator 'features.5.conv.1.2' (Xlip) cannot be read: that it computes what ")]
    [InlineData(
        "Relu",
        0,
        "Its operator 'begin' (Xelu) cannot be read: that it computes what mobilenet_v2 does there is "
    )]
    [InlineData("Sigmoid", 0, "Its operator 'end' (Xigmoid) cannot be read: that it computes what mobilenet_v2 does ")]
    public void Operators_that_cannot_be_read_are_said_to_be_assumed(string type, int index, string assumption)
    {
        var file = WriteUnread(Build(V2), type, index);

        var loaded = Load(file, new() { Model = V2 });

        Assert.StartsWith(assumption, loaded.Assumptions[^1], Sense);
        Assert.Contains($"(X{type[1..]})", loaded.Assumptions[^1], Sense);
        Assert.Equal(type == "Conv" && index > 0, loaded.Assumptions[^1].Contains("there and behind it", Sense));
    }

    [Theory]
    [InlineData("Conv", 9, 7, true)]
    [InlineData("Conv", 9, 10, false)]
    [InlineData("Clip", 9, 40, true)]
    [InlineData("Relu", 0, 0, true)]
    [InlineData("Sigmoid", 0, 40, true)]
    public void What_can_be_read_beside_what_cannot_is_compared(string type, int index, int place, bool isRefused)
    {
        var norm = Build(V2).Layers.OfType<BatchNormLayer>().ElementAt(place);
        var file = WriteUnread(
            Build(V2).WithLayers(layer => layer.Name == norm.Name ? norm with { Epsilon = 0.002 } : layer),
            type,
            index
        );

        var fault = Record.Exception(() => Load(file, new() { Model = V2 }))?.Message ?? "";

        Assert.Equal(isRefused, fault.Contains($"but in the file '{norm.Name}' adds 0.002. ", Sense));
    }

    [Fact]
    public void A_graph_that_cannot_be_used_is_no_remedy()
    {
        var refusal = Refusal(WriteUnread(Changed(Build(Small), "hard-swish"), "Sigmoid", 0), new() { Model = Small });

        Assert.DoesNotContain(AsGraph, refusal, Sense);
        Assert.EndsWith(
            "Export the network again as mobilenet_v3_small is; the graph itself cannot be used, as its operator 'end' "
                + "(Xigmoid) cannot be read.",
            refusal,
            Sense
        );
    }

    [Fact]
    public void Elements_of_another_type_at_the_input_make_no_difference()
    {
        var content = File.ReadAllBytes(Write(Build(V2)));
        var latin = System.Text.Encoding.Latin1;
        // The type of the input is the first field of what follows its name.
        var text = latin.GetString(content);
        var place = text.LastIndexOf("\u0005input\u0012", Sense);
        Assert.True(place > 0);
        var type = text.IndexOf("\b\u0001", place, Sense);
        content[type + 1] = 2;
        File.WriteAllBytes(_folder.PathOf("net.onnx"), content);

        Assert.DoesNotContain(
            Load(_folder.PathOf("net.onnx"), new() { Model = V2 }).Assumptions,
            note => note.Contains("cannot be read", Sense)
        );
    }

    [Fact]
    public void A_softmax_behind_the_result_makes_no_difference()
    {
        var file = Write(Changed(Build(V2), "softmax"));

        Assert.Equal(V2, Load(file, new() { Model = V2 }).Description!.Architecture);
    }

    [Fact]
    public void Further_outputs_make_no_difference()
    {
        var graph = Build(V2);

        var found = graph.WithOutputs(graph.Layers.Length / 2, graph.OutputId, 3);

        Assert.Empty(NetworkComparison.Of(graph, found, asWeights: true));
    }

    [Fact]
    public void Factors_are_not_decided_but_where_they_prepare_pictures_or_are_a_dropout()
    {
        var graph = Build(V2);
        var activation = graph.Layers.OfType<ActivationLayer>().First();
        var pool = graph.Layers.OfType<GlobalAveragePoolLayer>().Single();

        var difference = Assert.Single(NetworkComparison.Of(graph, Factored(graph, activation), asWeights: true));

        Assert.Equal(DifferingItem.Undecided, difference.Item);
        Assert.Equal("convolution 'features.1.conv.0.0' reads constant factors", difference.Found.ToString());
        Assert.Empty(NetworkComparison.Of(graph, Factored(graph, pool), asWeights: true));
    }

    [Theory]
    [InlineData(V2)]
    [InlineData(Small)]
    public void A_network_without_its_classifier_is_compared_up_to_where_it_ends(string architecture)
    {
        NetworkGraph Trunk(Activation relu)
        {
            var graph = Build(architecture, null, family => family with { Relu = relu });
            var head = graph.Layers.OfType<LinearLayer>().First();
            return graph with { Layers = graph.Layers[..graph.Layers.IndexOf(head)], OutputId = head.Inputs[0] };
        }
        var own = ArchitectureCatalog.Get(architecture).FormOf(null).Family.Relu;
        var options = new ModelOptions
        {
            Model = architecture,
            NewHeadSeed = 1,
            Classes = 3,
        };

        Load(Write(Trunk(own)), options);
        var refusal = Refusal(Write(Trunk(Activation.Silu)), options);

        Assert.Contains("reads silu (the first of ", refusal, Sense);
    }

    [Fact]
    public void Factors_that_normalise_the_image_have_to_be_those_that_pictures_are_prepared_by()
    {
        var file = _folder.PathOf("normalised.onnx");
        File.WriteAllBytes(file, OnnxWriter.Write(Normalised.By(Build(V2), Preprocessing.ImageNet, 255), new()));
        var options = new ModelOptions { Model = V2, ForFeatures = true };

        Assert.Equal(Preprocessing.ImageNet.Mean, Load(file, options).Preprocessing.Mean);

        var refusal = Refusal(file, options with { Preprocessing = Preprocessing.KerasTf });
        Assert.Contains(
            "whose pictures are normalised by mean 0.5 and deviation 0.5, but in the file ",
            refusal,
            Sense
        );
        Assert.Contains("add --mean 0.485,0.456,0.406 --std 0.229,0.224,0.225 (in", refusal, Sense);
    }

    [Fact]
    public void Blue_comes_first_where_the_network_has_it_so()
    {
        var file = _folder.PathOf("bgr.onnx");
        var blueFirst = Preprocessing.ImageNet with { Order = ChannelOrder.Bgr };
        File.WriteAllBytes(file, OnnxWriter.Write(Normalised.By(Build(V2), blueFirst, 1), new()));
        var options = new ModelOptions { Model = V2, ForFeatures = true };

        Assert.Contains("add --mean 0.406,0.456,0.485 --std ", Refusal(file, options), Sense);
        Load(file, options with { PreprocessingChanges = new() { Order = ChannelOrder.Bgr } });
    }

    [Fact]
    public void Padding_is_compared_at_odd_sizes_where_it_is_symmetric()
    {
        var options = new ArchitectureOptions { Resolution = new(65, 47) };
        var graph = ArchitectureCatalog.Get(V2).Build(options);
        var found = WithWindow(graph, 0, window => window with { Padding = new(0, 0, 2, 2) });

        Assert.Empty(NetworkComparison.Of(graph, found, asWeights: true));
        var difference = Assert.Single(NetworkComparison.Of(graph, found, asWeights: true, isSymmetric: true));
        Assert.Equal(DifferingItem.Padding, difference.Item);
    }

    [Theory]
    [InlineData(V2)]
    [InlineData(Small)]
    public void A_network_under_a_head_of_its_own_is_compared_up_to_that(string architecture)
    {
        NetworkGraph Headed(Activation relu)
        {
            var graph = Build(architecture, null, family => family with { Relu = relu });
            var head = graph.Layers.OfType<LinearLayer>().First();
            var place = graph.Layers.IndexOf(head);
            var (vector, shape) = (new Parameter("own", [5]), new FeatureShape(1, 1, 5));
            var (linear, last) = (
                new Parameter("own.weight", [5, head.Weight.Shape[1]]),
                new Parameter("last", [5, 5])
            );
            return graph with
            {
                Layers =
                [
                    .. graph.Layers[..place],
                    new LinearLayer("own.0", head.Inputs, shape, linear, null),
                    new BatchNormLayer("own.1", [place + 1], shape, 0.5, new(vector, vector, vector, vector)),
                    new ActivationLayer("own.2", [place + 2], shape, Activation.Silu),
                    new LinearLayer("own.3", [place + 3], shape, last, null),
                ],
                OutputId = place + 4,
            };
        }
        var own = ArchitectureCatalog.Get(architecture).FormOf(null).Family.Relu;
        var options = new ModelOptions { Model = architecture, ForFeatures = true };

        var loaded = Load(Write(Headed(own)), options);
        Assert.Contains("of a head of its own", string.Join(' ', loaded.Assumptions), Sense);
        Assert.Contains("reads silu (the first of ", Refusal(Write(Headed(Activation.Silu)), options), Sense);
    }

    private static NumericsOptions Parsed(string items)
    {
        var texts = items.Split("--").Skip(1).Select(item => item.Trim().Split(' ')).ToDictionary(i => i[0], i => i[1]);
        return new()
        {
            BatchNormEpsilon = texts.TryGetValue("epsilon", out var epsilon) ? ItemText.ParsePositive(epsilon) : null,
            Padding = texts.TryGetValue("padding", out var padding) ? ItemText.Parse<PaddingRule>(padding) : null,
            Gate = texts.TryGetValue("gate", out var gate) ? ItemText.ParseActivation(gate) : null,
            Relu = texts.TryGetValue("activation", out var relu) ? ItemText.ParseRelu(relu) : null,
        };
    }

    private static string Refusal(string file, ModelOptions options) =>
        Assert.Throws<ModelFormatException>(() => Load(file, options)).Message;

    private static LoadedModel Load(string file, ModelOptions options) =>
        ModelSource.Load(options with { Weights = file });

    private static NetworkGraph Build(string architecture) => Build(architecture, null, family => family);

    private static NetworkGraph Build(string architecture, string? form, Func<Family, Family> change)
    {
        var network = ArchitectureCatalog.Get(architecture);
        var options = new ArchitectureOptions
        {
            Width = 0.25,
            Resolution = _resolution,
            Form = form,
            Family = change(network.FormOf(form).Family),
        };
        return network.Build(options);
    }

    private static NetworkGraph InNamesOf(string form) => Build(Large, form, family => family).WithNamesOf(Large, form);

    private static NetworkGraph Changed(NetworkGraph graph, string change)
    {
        var end = new FeatureShape(1, 1, 1000);
        var sum = graph.Layers.OfType<AddLayer>().First();
        int Before(int id) => id == graph.Layers.IndexOf(sum) + 1 ? sum.Inputs[0] : id;
        return change switch
        {
            "hard-swish" => graph.WithLayers(layer =>
                layer is ActivationLayer { Activation.Kind: ActivationKind.HardSwish } swish
                    ? swish with
                    {
                        Activation = Activation.Relu,
                    }
                    : layer
            ),
            "stride" => WithWindow(graph, 0, window => window with { Stride = Extent.Square(1) }),
            "padding" => WithWindow(graph, 0, window => window with { Padding = default }),
            "dilation" => WithWindow(
                graph,
                1,
                window => window with { Dilation = Extent.Square(2), Padding = new(2, 2, 2, 2) }
            ),
            "residual" => graph.WithLayers(layer => layer with { Inputs = [.. layer.Inputs.Select(Before)] }),
            "output" => With(graph, new ActivationLayer("end", [graph.OutputId], end, Activation.Sigmoid)),
            "softmax" => With(graph, new SoftmaxLayer("end", [graph.OutputId], end)),
            "end" => graph with { OutputId = graph.Layers.Length - 1 },
            _ => throw new ArgumentException(change),
        };
    }

    private static NetworkGraph WithWindow(NetworkGraph graph, int index, Func<Window, Window> change)
    {
        var changed = graph.Layers.OfType<ConvolutionLayer>().ElementAt(index);
        var window = change(changed.Geometry.Window);
        return graph.WithLayers(layer =>
            layer == changed ? changed with { Geometry = changed.Geometry with { Window = window } } : layer
        );
    }

    // Everything that reads a layer reads factors of it.
    private static NetworkGraph Factored(NetworkGraph graph, Layer layer)
    {
        var vector = new Parameter("factors", [layer.Output.Channels]);
        var factors = new BatchNormLayer("factors", [0], layer.Output, 0, new(vector, vector, vector, vector));
        var place = graph.Layers.IndexOf(layer) + 1;
        int Shifted(int id) => id >= place ? id + 1 : id;
        var after = graph.Layers[place..].Select(next => next with { Inputs = [.. next.Inputs.Select(Shifted)] });
        return graph with
        {
            Layers = [.. graph.Layers[..place], factors with { Inputs = [place] }, .. after],
            OutputId = graph.OutputId + 1,
        };
    }

    private static NetworkGraph With(NetworkGraph graph, Layer layer) =>
        graph with
        {
            Layers = graph.Layers.Add(layer),
            OutputId = graph.Layers.Length + 1,
        };

    // With a layer before the network and one behind it, one of them or of the network's own of a type that nobody knows.
    private string WriteUnread(NetworkGraph graph, string type, int index)
    {
        var begin = new ActivationLayer("begin", [0], graph.Input, Activation.Relu);
        var end = new ActivationLayer("end", [graph.OutputId], graph.Output, Activation.Sigmoid);
        var changed = type switch
        {
            "Relu" => Normalised.Before(graph, begin),
            "Sigmoid" => With(graph, end),
            _ => graph,
        };
        var file = Write(changed);
        var latin = System.Text.Encoding.Latin1;
        var content = latin.GetString(File.ReadAllBytes(file));
        var field = $"\"{(char)type.Length}{type}";
        var place = content.IndexOf(field, Sense);
        while (index-- > 0)
        {
            place = content.IndexOf(field, place + 1, Sense);
        }
        File.WriteAllBytes(file, latin.GetBytes(content.Remove(place + 2, 1).Insert(place + 2, "X")));
        return file;
    }

    private string Write(NetworkGraph graph, string name = "net.onnx") => Write(graph, new OnnxWriteOptions(), name);

    private string Write(NetworkGraph graph, OnnxWriteOptions options, string name = "net.onnx")
    {
        var path = _folder.PathOf(name);
        File.WriteAllBytes(path, OnnxWriter.Write(new(graph, WeightFormula.Create(graph, 1)), options));
        return path;
    }
}
