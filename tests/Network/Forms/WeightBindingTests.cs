using System.Collections.Immutable;
using ILGpuMobileNet.Network.Architectures;
using ILGpuMobileNet.Network.Graph;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Network.Tests.Forms;

/// <summary>What binding refuses, and what it sees through.</summary>
public sealed class WeightBindingTests
{
    private static readonly Architecture _v2 = ArchitectureCatalog.Get("mobilenet_v2");
    private static readonly NetworkGraph _keras = _v2.Build(
        new()
        {
            Form = "keras",
            Width = 1.4,
            Classes = 7,
        }
    );

    private static MemoryWeightFile OpenKeras() => FormGolden.Get("keras-MobileNetV2").OpenFile();

    [Fact]
    public void Every_missing_unused_and_misshaped_tensor_is_named_in_one_error()
    {
        using var file = OpenKeras()
            .With(tensor =>
                tensor.Name switch
                {
                    "Conv1/kernel" => [],
                    "bn_Conv1/beta" => [(tensor.Name, [47])],
                    "block_1_expand/kernel" => [(tensor.Name, [24, 144])],
                    "block_2_add" => [],
                    "Conv_1_bn/gamma" => [tensor, ("Conv_1_bn/delta", [3])],
                    _ => [tensor],
                }
            );
        var fault = Assert.Throws<ModelFormatException>(() => WeightBinding.Bind(file, _keras, _v2.FormOf("keras")));
        Assert.Contains("4 tensors do not fit mobilenet_v2", fault.Message, StringComparison.Ordinal);
        Assert.Contains("missing 'Conv1/kernel' [3, 3, 3, 48]", fault.Message, StringComparison.Ordinal);
        Assert.Contains("'bn_Conv1/beta' is [47], expected [48]", fault.Message, StringComparison.Ordinal);
        Assert.Contains(
            "'block_1_expand/kernel' is [24, 144], expected [1, 1, 24, 144]",
            fault.Message,
            StringComparison.Ordinal
        );
        Assert.Contains("unused 'Conv_1_bn/delta'", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_another_form_is_refused_with_both_sides_named()
    {
        using var file = OpenKeras();
        var graph = _v2.Build(new() { Width = 1.4, Classes = 7 });
        var fault = Assert.Throws<ModelFormatException>(() => WeightBinding.Bind(file, graph, _v2.Forms[0]));
        Assert.Contains("names of keras ('Conv1/kernel')", fault.Message, StringComparison.Ordinal);
        Assert.Contains("torchvision's ('features.0.0.weight')", fault.Message, StringComparison.Ordinal);
        Assert.Contains("mobilenet_v2 of keras, width 1.4, 7 classes", fault.Message, StringComparison.Ordinal);
        Assert.Contains("and 324 more", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_another_width_is_refused_with_its_own_named()
    {
        using var file = OpenKeras();
        var graph = _v2.Build(new() { Form = "keras", Classes = 7 });
        var fault = Assert.Throws<ModelFormatException>(() => WeightBinding.Bind(file, graph, _v2.FormOf("keras")));
        Assert.Contains("It is mobilenet_v2 of keras, width 1.4, 7 classes", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("has the names of", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_network_of_another_form_cannot_be_bound()
    {
        using var file = OpenKeras();
        var paddle = _v2.Build(new() { Form = "paddleclas" });
        var fault = Assert.Throws<ArgumentException>(() => WeightBinding.Bind(file, paddle, _v2.FormOf("keras")));
        Assert.Contains("build the network in the form", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_form_that_is_not_there_is_refused_with_those_that_are()
    {
        var fault = Assert.Throws<ArgumentException>(() => _v2.Build(new() { Form = "caffe" }));
        Assert.Contains("torchvision, timm, keras, tf-slim, paddleclas", fault.Message, StringComparison.Ordinal);
        var tail = Assert.Throws<ArgumentException>(() =>
            ArchitectureCatalog.Get("mobilenet_v3_large").Build(new() { Form = "timm", ReducedTail = true })
        );
        Assert.Contains("torchvision", tail.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Averages_of_the_training_go_before_the_variables()
    {
        const string average = "MobilenetV2/Conv/weights/ExponentialMovingAverage";
        var ones = new Tensor([3, 3, 3, 32], Enumerable.Repeat(1f, 864).ToArray());
        var tensors = SlimNames
            .V2(1)
            .Select(tensor => (tensor.Name, tensor.Shape.ToImmutableArray(), (Func<Tensor>)(() => Zeros(tensor.Shape))))
            .Append((average, ones.Shape, () => ones))
            .Append(("MobilenetV2/Conv/weights/RMSProp", ones.Shape, () => ones))
            .Append(("global_step", [], () => Zeros([])));
        using var file = new MemoryWeightFile("slim", tensors);
        var graph = _v2.Build(new() { Form = "tf-slim", Classes = 1 });
        var weights = WeightBinding.Bind(file, graph, _v2.FormOf("tf-slim"));
        Assert.Equal(1f, weights.Tensors["features.0.0.weight"].Data.Span[5]);
        Assert.Equal(0f, weights.Tensors["features.1.conv.0.0.weight"].Data.Span[5]);
    }

    [Fact]
    public void A_converted_file_has_this_librarys_names_in_any_form()
    {
        using var file = OpenKeras();
        var form = _v2.FormOf("keras");
        var weights = WeightBinding.Bind(file, _keras, form);
        using var converted = new MemoryWeightFile(
            "converted",
            weights.Tensors.Select(tensor => (tensor.Key, tensor.Value.Shape, (Func<Tensor>)(() => tensor.Value)))
        );
        var again = WeightBinding.Bind(converted, _keras, form.WithOwnNames());
        Assert.All(
            weights.Tensors,
            tensor => Assert.True(tensor.Value.Data.Span.SequenceEqual(again.Tensors[tensor.Key].Data.Span))
        );
        Assert.Equal(form.Family, form.WithOwnNames().Family);
    }

    [Fact]
    public void Tensors_in_the_networks_own_order_are_not_copied()
    {
        var graph = _v2.Build(new() { Width = 0.35, Classes = 3 });
        var weights = WeightFormula.Create(graph, seed: 1);
        using var file = new MemoryWeightFile(
            "torch",
            weights.Tensors.Select(tensor => (tensor.Key, tensor.Value.Shape, (Func<Tensor>)(() => tensor.Value)))
        );
        var bound = WeightBinding.Bind(file, graph, _v2.Forms[0]);
        Assert.All(weights.Tensors, tensor => Assert.Equal(tensor.Value.Data, bound.Tensors[tensor.Key].Data));
    }

    [Fact]
    public void A_backbone_leaves_the_rest_of_its_file_alone()
    {
        var enhance = ArchitectureCatalog.Get("mobilenet_v1_enhance");
        var graph = enhance.Build(new());
        var tensors = graph
            .Parameters.Select(parameter =>
                (
                    "backbone."
                        + parameter
                            .Name.Replace("running_mean", "_mean", StringComparison.Ordinal)
                            .Replace("running_var", "_variance", StringComparison.Ordinal),
                    parameter.Shape.ToArray()
                )
            )
            .Append(("head.fc.weight", [96, 6625]));
        using var file = MemoryWeightFile.Zeros("rec", tensors);
        Assert.Equal(graph.Parameters.Count(), WeightBinding.Bind(file, graph, enhance.Forms[0]).Tensors.Count);
        Assert.Equal("mobilenet_v1_enhance of paddleocr, width 0.5", WeightIdentity.Identify(file)[0].ToString());
    }

    [Fact]
    public void The_text_direction_classifier_has_PaddleOCRs_names_and_transposed_classifier()
    {
        var direction = ArchitectureCatalog.Get("mobilenet_v3_small_x0_35");
        var graph = direction.Build(new());
        var tensors = graph.Parameters.Select(parameter =>
            parameter.Name == "fc.weight" ? ("head.fc.weight", [200, 2])
            : parameter.Name == "fc.bias" ? ("head.fc.bias", [2])
            : (
                "backbone."
                    + parameter
                        .Name.Replace("running_mean", "_mean", StringComparison.Ordinal)
                        .Replace("running_var", "_variance", StringComparison.Ordinal),
                parameter.Shape.ToArray()
            )
        );
        using var file = MemoryWeightFile.Zeros("cls", tensors);
        var fit = WeightIdentity.Identify(file)[0];
        Assert.True(fit.IsExact);
        Assert.Equal("mobilenet_v3_small_x0_35 of paddleocr, width 0.35, 2 classes", fit.ToString());
        Assert.Equal([2, 200], WeightBinding.Bind(file, graph, fit.Form).Tensors["fc.weight"].Shape.AsEnumerable());
    }

    private static Tensor Zeros(int[] shape) => new([.. shape], new float[shape.Aggregate(1, (a, b) => a * b)]);
}
