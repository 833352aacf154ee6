using ILGpuMobileNet.Network.Architectures;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Network.Tests.Forms;

/// <summary>What files say of themselves by names and shapes, and what is said of files that are something else.</summary>
public sealed class WeightIdentityTests
{
    private const int ClassesWithBackground = 1001;

    private static WeightFit Best(MemoryWeightFile file) => WeightIdentity.Identify(file)[0];

    [Theory]
    [InlineData("mobilenet_v2", "mobilenet_v2", 1.0, false)]
    [InlineData("mobilenet_v2_x0.35", "mobilenet_v2", 0.35, false)]
    [InlineData("mobilenet_v2_x1.4", "mobilenet_v2", 1.4, false)]
    [InlineData("mobilenet_v3_small", "mobilenet_v3_small", 1.0, false)]
    [InlineData("mobilenet_v3_small_x0.37", "mobilenet_v3_small", 0.37, false)]
    [InlineData("mobilenet_v3_small_reduced", "mobilenet_v3_small", 1.0, true)]
    [InlineData("mobilenet_v3_large", "mobilenet_v3_large", 1.0, false)]
    [InlineData("mobilenet_v3_large_x0.1", "mobilenet_v3_large", 0.1, false)]
    [InlineData("mobilenet_v3_large_reduced", "mobilenet_v3_large", 1.0, true)]
    public void Files_of_torchvision_tell_width_and_tail(string list, string architecture, double width, bool isReduced)
    {
        var fit = Best(Torchvision(list));
        Assert.True(fit.IsExact, fit.ToString());
        Assert.Equal(
            (architecture, "torchvision", 1000, isReduced),
            (fit.Architecture.Name, fit.Form.Ecosystem, fit.Classes, fit.ReducedTail)
        );
        // Several widths may give the same channels; the one that is named must be one of them.
        Assert.InRange(fit.Width, width - 0.05, width + 0.05);
    }

    [Fact]
    public void Files_of_TF_slim_have_a_class_for_the_background()
    {
        (string, IEnumerable<(string, int[])>)[] files =
        [
            ("mobilenet_v1", SlimNames.V1(ClassesWithBackground)),
            ("mobilenet_v2", SlimNames.V2(ClassesWithBackground)),
            ("mobilenet_v3_small", SlimNames.V3Small(ClassesWithBackground)),
            ("mobilenet_v3_small_minimalistic", SlimNames.V3SmallMinimalistic(ClassesWithBackground)),
        ];
        foreach (var (architecture, tensors) in files)
        {
            var fit = Best(MemoryWeightFile.Zeros("slim", tensors));
            Assert.True(fit.IsExact, string.Join("; ", [.. fit.Missing, .. fit.Misshaped, .. fit.Unused]));
            Assert.Equal($"{architecture} of tf-slim, width 1, 1001 classes", fit.ToString());
            Assert.Equal(1, fit.Share);
        }
    }

    // Keras's include_top=False, timm's num_classes=0: the classifier, or all after the global pool.
    [Theory]
    [InlineData("mobilenet_v3_small", "classifier.3.", true)]
    [InlineData("mobilenet_v3_small", "classifier.", true)]
    [InlineData("mobilenet_v3_small_x0.37", "classifier.", true)]
    [InlineData("mobilenet_v3_small_reduced", "classifier.", true)]
    [InlineData("mobilenet_v3_small", "classifier.0.", false)]
    [InlineData("mobilenet_v3_small", "classifier.3.bias", false)]
    [InlineData("mobilenet_v2", "features.18.", false)]
    [InlineData("mobilenet_v2", "features.18. classifier.", true)]
    [InlineData("mobilenet_v2_x0.35", "features.18. classifier.", true)]
    [InlineData("mobilenet_v2", "features.17.conv.2. features.17.conv.3. features.18. classifier.", false)]
    [InlineData("mobilenet_v2", "features.18.1. classifier.", false)]
    public void A_file_without_its_head_is_told_from_one_that_lacks_anything_else(
        string list,
        string lacking,
        bool isHeadless
    )
    {
        var whole = Torchvision(list);
        var tensors = whole.Tensors.Where(tensor =>
            !lacking.Split(' ').Any(name => tensor.Name.StartsWith(name, StringComparison.Ordinal))
        );

        var fit = Best(MemoryWeightFile.Zeros("part", tensors.Select(tensor => (tensor.Name, tensor.Shape.ToArray()))));

        Assert.Equal((isHeadless, false), (fit.IsHeadless, fit.IsExact));
        Assert.Equal(Best(whole).ReducedTail, fit.ReducedTail);
        Assert.InRange(fit.Width, Best(whole).Width - 0.05, Best(whole).Width + 0.05);
        Assert.Equal(isHeadless, fit.ToString().Contains(", without a classifier", StringComparison.Ordinal));
    }

    // Fine-tuned networks, and backbones of detectors: what is not of the trunk is of a head that is not known.
    [Theory]
    [InlineData("mobilenet_v2", "", "classifier.4.weight:5x1000", 260)]
    [InlineData("mobilenet_v2", "classifier.1.weight", "classifier.1.weight:5x640", 260)]
    [InlineData("mobilenet_v2_x0.35", "classifier.", "extra.0.weight:64x1280x1x1 head.bias:8", 260)]
    [InlineData("mobilenet_v2", "features.18. classifier.", "head.weight:8x320x3x3", 255)]
    [InlineData("mobilenet_v2", "features.18.0 classifier.", "head.weight:8x320x3x3", 0)]
    [InlineData("mobilenet_v2", "classifier.", "features.18.2.weight:8x1280x1x1", 0)]
    [InlineData("mobilenet_v3_small", "classifier.3.bias", "", 208)]
    [InlineData("mobilenet_v3_small_x0.37", "classifier.", "classifier.0.weight:2000x216 classifier.0.bias:2000", 206)]
    [InlineData("mobilenet_v3_large_reduced", "classifier.", "classifier.0.weight:2x480 classifier.0.bias:2", 262)]
    [InlineData("mobilenet_v3_large", "features.4.block.2. classifier.", "head.weight:2x960", 0)]
    [InlineData("mobilenet_v3_large", "classifier.", "features.3.block.9.fc1.bias:24 head.weight:2x960", 0)]
    public void A_head_of_its_own_is_told_from_another_trunk(string list, string lacking, string own, int used)
    {
        var whole = Torchvision(list);
        var kept = whole.Tensors.Where(tensor =>
            !lacking.Split(' ').Any(name => name.Length > 0 && tensor.Name.StartsWith(name, StringComparison.Ordinal))
        );
        var added = own.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(tensor => tensor.Split(':'))
            .Select(fields => (fields[0], fields[1].Split('x').Select(int.Parse).ToArray()));
        (string Name, int[] Shape)[] tensors =
        [
            .. kept.Select(tensor => (tensor.Name, tensor.Shape.ToArray())),
            .. added,
        ];

        foreach (var prefix in new[] { "", "net.backbone." })
        {
            var fit = Best(
                MemoryWeightFile.Zeros("own", tensors.Select(tensor => (prefix + tensor.Name, tensor.Shape)))
            );

            Assert.Equal((used > 0, false, false), (fit.HasOwnHead, fit.IsHeadless, fit.IsExact));
            Assert.Equal(used > 0, fit.ToString().Contains(", with a head of its own", StringComparison.Ordinal));
            if (used > 0)
            {
                Assert.Equal((used, null), (fit.UsedCount, fit.Classes));
                Assert.Equal((0, 0), (fit.Missing.Length, fit.Misshaped.Length));
                Assert.Equal(tensors.Length - used, fit.Unused.Length);
                Assert.Equal(Best(whole).ReducedTail, fit.ReducedTail);
                Assert.InRange(fit.Width, Best(whole).Width - 0.05, Best(whole).Width + 0.05);
            }
        }
    }

    [Theory]
    [MemberData(nameof(FormGolden.Names), MemberType = typeof(FormGolden))]
    public void Under_another_head_every_layer_of_the_trunk_is_guarded_in_every_form(string name)
    {
        const int step = 9;
        var golden = FormGolden.Get(name);
        using var file = golden.OpenFile();
        var graph = golden.Load().Graph;
        var form = ArchitectureCatalog.Get(golden.Architecture).FormOf(golden.Form);
        var trunk = NewHead.Trunk(graph).Select(parameter => parameter.Name).ToHashSet();
        List<(string Name, int[] Shape)> tensors =
        [
            .. FormMatch
                .Best(new(file), form.ParametersOf(graph))
                .Pairs.Where(pair => trunk.Contains(pair.Parameter.Parameter.Name))
                .Select(pair => (pair.Tensor!.Name, pair.Tensor.Shape.ToArray())),
        ];
        WeightFit With(params string[] names) =>
            Best(MemoryWeightFile.Zeros("own", [.. tensors, .. names.Select(own => (own, new[] { 3 }))]));

        var fit = With("dense_1/kernel", "head.0");

        Assert.Equal((true, tensors.Count, 2), (fit.HasOwnHead, fit.UsedCount, fit.Unused.Length));
        for (var index = 0; index < tensors.Count; index += step)
        {
            var tensor = tensors[index].Name;
            var end = tensor.LastIndexOfAny(['.', '/']);
            Assert.False(With("head.0", $"{tensor[..end]}{tensor[end]}extra").HasOwnHead, tensor);
            Assert.False(With("head.0", $"{tensor[..end]}_extra{tensor[end]}kernel").HasOwnHead, tensor);
        }
    }

    [Theory]
    [InlineData("Logits/Conv2d_1c_1x1/weights", true)]
    [InlineData("layer_19_2_Conv2d_2_3x3_s2_512/weights", true)]
    [InlineData("Conv/biases", false)]
    [InlineData("Conv_2/weights", false)]
    [InlineData("expanded_conv_5/squeeze_excite/Conv/weights", false)]
    public void Scopes_of_TensorFlow_tell_a_head_from_the_trunk(string own, bool isHead)
    {
        var trunk = SlimNames
            .V2(ClassesWithBackground)
            .Where(tensor => !tensor.Name.Contains("Logits", StringComparison.Ordinal));
        var tensors = trunk
            .Select(tensor => ($"FeatureExtractor/{tensor.Name}", tensor.Shape))
            .Append(($"FeatureExtractor/MobilenetV2/{own}", new[] { 3, 3, 16, 8 }))
            .Append(("BoxPredictor_0/biases", new[] { 12 }));

        Assert.Equal(isHead, Best(MemoryWeightFile.Zeros("ssd", tensors)).HasOwnHead);
    }

    [Fact]
    public void A_block_without_its_last_convolution_is_no_backbone()
    {
        using var file = FormGolden.Get("timm-mobilenetv1_125").OpenFile();
        string[] lacking = ["blocks.4.1.conv_pw", "blocks.4.1.bn2", "classifier"];
        var fit = Best(
            file.With(tensor =>
                lacking.Any(name => tensor.Name.StartsWith(name, StringComparison.Ordinal)) ? [] : [tensor]
            )
        );
        Assert.Equal(("mobilenet_v1", false), (fit.Architecture.Name, fit.IsHeadless));
    }

    [Theory]
    [InlineData("module/", "/ExponentialMovingAverage")]
    [InlineData("", ":0")]
    public void Prefixes_and_suffixes_of_TensorFlow_are_seen_through(string prefix, string suffix)
    {
        var tensors = SlimNames.V2(5).Select(tensor => (prefix + tensor.Name + suffix, tensor.Shape));
        var fit = Best(MemoryWeightFile.Zeros("hub", tensors));
        Assert.True(fit.IsExact);
        Assert.Equal("mobilenet_v2 of tf-slim, width 1, 5 classes", fit.ToString());
    }

    [Fact]
    public void A_ResNet_is_nothing_here_and_far_from_the_nearest()
    {
        var fits = WeightIdentity.Identify(MemoryWeightFile.Zeros("resnet", ResNet18()));
        Assert.NotEmpty(fits);
        Assert.All(fits, fit => Assert.False(fit.IsExact));
        Assert.InRange(fits[0].Share, 0, 0.1);
        Assert.NotEmpty(fits[0].Missing);
        Assert.Contains("layer4.1.conv2.weight", fits[0].Unused);
    }

    [Fact]
    public void Without_a_known_name_there_is_no_fit()
    {
        Assert.Empty(WeightIdentity.Identify(MemoryWeightFile.Zeros("empty", [])));
        Assert.Empty(WeightIdentity.Identify(MemoryWeightFile.Zeros("other", ("x", [3]), ("y", [4, 4]))));
    }

    [Fact]
    public void A_file_between_V3_and_its_minimalistic_variant_is_neither()
    {
        using var file = FormGolden.Get("timm-tf-tf_mobilenetv3_small_100").OpenFile();
        var between = file.With(tensor => tensor.Name.Contains(".se.", StringComparison.Ordinal) ? [] : [tensor]);
        var fit = Best(between);
        Assert.False(fit.IsExact);
        Assert.Equal("mobilenet_v3_small_minimalistic", fit.Architecture.Name);
        Assert.Equal((0, 8, 0), (fit.Missing.Length, fit.Misshaped.Length, fit.Unused.Length));
    }

    [Fact]
    public void A_file_without_its_classifier_is_near_but_not_exact()
    {
        using var file = FormGolden.Get("keras-MobileNetV2").OpenFile();
        var fit = Best(
            file.With(tensor => tensor.Name.StartsWith("predictions", StringComparison.Ordinal) ? [] : [tensor])
        );
        Assert.Equal(["'predictions/kernel' [1792, 1000]", "'predictions/bias' [1000]"], fit.Missing.AsEnumerable());
        Assert.Equal(("keras", 1.4), (fit.Form.Ecosystem, fit.Width));
        Assert.InRange(fit.Share, 0.98, 0.999);
    }

    [Fact]
    public void Names_of_older_Keras_versions_are_known()
    {
        using var file = FormGolden.Get("keras-MobileNetV2").OpenFile();
        var older = file.With(tensor =>
            [(tensor.Name.Replace("predictions", "Logits", StringComparison.Ordinal), tensor.Shape)]
        );
        Assert.True(Best(older).IsExact);
        var newer = file.With(tensor =>
            [(tensor.Name.Replace("depthwise_kernel", "kernel", StringComparison.Ordinal), tensor.Shape)]
        );
        Assert.True(Best(newer).IsExact);
    }

    [Theory]
    [InlineData("keras-MobileNet", "")]
    [InlineData("keras-MobileNetV2", "model_weights/")]
    public void Layers_that_are_named_twice_are_taken_once(string name, string prefix)
    {
        using var file = FormGolden.Get(name).OpenFile();
        var doubled = file.With(tensor =>
            [($"{prefix}{tensor.Name[..tensor.Name.LastIndexOf('/')]}/{tensor.Name}:0", tensor.Shape)]
        );
        var fit = Best(doubled);
        Assert.True(fit.IsExact, string.Join("; ", [.. fit.Missing, .. fit.Unused]));
        Assert.Equal("keras", fit.Form.Ecosystem);
    }

    [Fact]
    public void Keras_2_names_of_V3_are_those_of_TensorFlows_scopes()
    {
        var tensors = SlimNames
            .V3Small(9)
            .Select(tensor =>
                (
                    tensor
                        .Name.Replace("MobilenetV3/", "", StringComparison.Ordinal)
                        .Replace("Logits/Conv2d_1c_1x1", "Logits", StringComparison.Ordinal)
                        .Replace("/depthwise_weights", "/depthwise_kernel", StringComparison.Ordinal)
                        .Replace("/weights", "/kernel", StringComparison.Ordinal)
                        .Replace("/biases", "/bias", StringComparison.Ordinal),
                    tensor.Shape
                )
            );
        var fit = Best(MemoryWeightFile.Zeros("keras2", tensors));
        Assert.True(fit.IsExact);
        Assert.Equal("mobilenet_v3_small of keras, width 1, 9 classes", fit.ToString());
        var doubled = tensors.Select(tensor =>
            ($"{tensor.Item1[..tensor.Item1.LastIndexOf('/')]}/{tensor.Item1}", tensor.Shape)
        );
        Assert.True(Best(MemoryWeightFile.Zeros("h5", doubled)).IsExact);
    }

    [Theory]
    [InlineData("mobilenet_v1", 4_253_864)]
    [InlineData("mobilenet_v2", 3_538_984)]
    [InlineData("mobilenet_v3_small", 2_554_968)]
    [InlineData("mobilenet_v3_large", 5_507_432)]
    public void Networks_of_Keras_have_the_published_number_of_parameters(string architecture, long count)
    {
        var graph = ArchitectureCatalog.Get(architecture).Build(new() { Form = "keras" });
        Assert.Equal(count, graph.Parameters.Sum(parameter => parameter.ElementCount));
    }

    private static MemoryWeightFile Torchvision(string list)
    {
        var lines = File.ReadAllLines(
            Path.Combine(AppContext.BaseDirectory, "Architectures", "StateDicts", $"{list}.txt")
        );
        return MemoryWeightFile.Zeros(
            list,
            lines
                .Select(line => line.Split(' '))
                .Select(fields => (fields[0], fields[1].Split('x').Select(int.Parse).ToArray()))
        );
    }

    private static IEnumerable<(string, int[])> ResNet18() =>
        [
            ("conv1.weight", [64, 3, 7, 7]),
            .. Enumerable
                .Range(1, 4)
                .SelectMany(layer =>
                    Enumerable
                        .Range(0, 2)
                        .SelectMany(block =>
                            new[] { 1, 2 }.SelectMany(index => ResNetUnit($"layer{layer}.{block}", index, 32 << layer))
                        )
                ),
            .. new[] { "weight", "bias", "running_mean", "running_var" }.Select(part => ($"bn1.{part}", new[] { 64 })),
            ("fc.weight", [1000, 512]),
            ("fc.bias", [1000]),
        ];

    private static IEnumerable<(string, int[])> ResNetUnit(string scope, int index, int channels) =>
        [($"{scope}.conv{index}.weight", [channels, channels, 3, 3]), ($"{scope}.bn{index}.weight", [channels])];
}
