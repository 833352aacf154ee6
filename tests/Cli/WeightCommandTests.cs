using System.Collections.Immutable;
using ILGpuMobileNet.Host;
using ILGpuMobileNet.Network.Weights;
using ILGpuMobileNet.Reference;
using ILGpuMobileNet.Reference.Onnx;

namespace ILGpuMobileNet.Cli.Tests;

/// <summary>The commands that look into files of weights, and what other commands do with them.</summary>
public sealed class WeightCommandTests : IDisposable
{
    private static readonly ModelOptions V2 = new()
    {
        Model = "mobilenet_v2",
        RandomSeed = 1,
        Width = 0.1,
        Resolution = new(32, 32),
    };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Weights
    {
        get
        {
            var path = _folder.PathOf("w.bin");
            Safetensors.Write(path, ModelSource.Load(V2).Model.Weights);
            return path;
        }
    }

    [Fact]
    public async Task Names_neither_end_a_line_nor_steer_a_terminal()
    {
        var weights = ModelSource.Load(V2).Model.Weights;
        var tensors = weights.Tensors.Add("x\n\u001B[1m'", new([1], new float[1]));
        var path = _folder.PathOf("w.bin");
        Safetensors.Write(path, new WeightSet("w", tensors));

        var inspected = await Tool.RunAsync("inspect", path, "--tensors");
        var refused = await Tool.RunAsync("convert", path, _folder.PathOf("o.safetensors"));

        Assert.Equal((ExitCode.Failed, ExitCode.Failed), (inspected.Code, refused.Code));
        string[] texts = [inspected.Output, inspected.Error, refused.Error];
        Assert.All(texts, text => Assert.DoesNotContain("\u001B", text, StringComparison.Ordinal));
        Assert.All(texts, text => Assert.Contains("x\\u000A\\u001B[1m'", text, StringComparison.Ordinal));
        Assert.Single(refused.Error.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task Inspect_says_what_weights_are()
    {
        var result = await Tool.RunAsync("inspect", Weights, "--tensors");

        Assert.Equal(ExitCode.Done, result.Code);
        Assert.Contains("w.bin: Safetensors, ", result.Output, StringComparison.Ordinal);
        Assert.Contains("262 tensors: 262 F32", result.Output, StringComparison.Ordinal);
        Assert.Contains(
            "mobilenet_v2 of torchvision, width 0.1, 1,000 classes",
            result.Output,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "numerics: epsilon 1E-05, padding symmetric, RE is relu6",
            result.Output,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "contract: torchvision/mobilenet_v2.IMAGENET1K_V1 (assumed), names of the classes known",
            result.Output,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "pictures: shorter-side (crop 0.875), bilinear, antialiased, mean 0.485,0.456,0.406, std 0.229,0.224,0.225, rgb",
            result.Output,
            StringComparison.Ordinal
        );
        Assert.Contains("features.0.0.weight", result.Output, StringComparison.Ordinal);
        Assert.StartsWith("note: The contract torchvision/", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_head_of_its_own_is_named_and_left_out_of_features_and_under_a_new_head()
    {
        var trained = ModelSource.Load(V2).Model.Weights;
        var own = trained.Tensors.Add("classifier.4.weight", new([2, 1000], new float[2000]));
        var (path, features) = (_folder.PathOf("own.safetensors"), _folder.PathOf("e.npy"));
        Safetensors.Write(path, new("own", own));
        string[] run = [_folder.WriteImage("a.ppm", 1), "--model", path, "--resolution", "32x32", "--device", "cpu"];

        var inspected = await Tool.RunAsync("inspect", path);
        var refused = await Tool.RunAsync(["classify", .. run]);
        var embedded = await Tool.RunAsync(["features", .. run, "--output", features]);
        var headed = await Tool.RunAsync(["classify", .. run, "--new-head", "1", "--classes", "3"]);

        const string names =
            "'classifier.1.bias' [1000], 'classifier.1.weight' [1000, 1280], 'classifier.4.weight' [2, 1000]";
        const string name = "mobilenet_v2 of torchvision, width 0.1, with a head of its own";
        Assert.Equal((ExitCode.Failed, ExitCode.Failed), (inspected.Code, refused.Code));
        Assert.Contains($"nearest: {name}, 260 tensors used", inspected.Output, StringComparison.Ordinal);
        Assert.Contains("3 not used: classifier.1.bias; ", inspected.Output, StringComparison.Ordinal);
        Assert.Contains($"it is {name}: {names} are not of a classifier", refused.Error, StringComparison.Ordinal);
        Assert.Equal((ExitCode.Done, ExitCode.Done), (embedded.Code, headed.Code));
        Assert.Equal<int>([1, 1280], Npy.Read(features).Shape);
        const string note =
            "note: 'classifier.1.bias', 'classifier.1.weight', 'classifier.4.weight' are of a head of its own";
        Assert.Contains($"{note}, which features do not need.", embedded.Error, StringComparison.Ordinal);
        Assert.Contains($"{note}: random weights from seed 1", headed.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_head_is_told_by_every_command_and_by_the_converted_file()
    {
        const string drawn = "note: It does not use the file's classifier.1: random weights from seed 1 stand there.\n";
        const string known =
            "note: Its metadata say that classifier.1 has random weights from seed 1, which were never trained.\n";
        var (converted, array) = (_folder.PathOf("c.safetensors"), _folder.PathOf("x.npy"));
        Npy.Write(array, new([1, 3, 32, 32], new float[3072]));
        string[] image = [_folder.WriteImage("a.ppm", 1), "--device", "cpu", "--model"];
        string[] run = ["--device", "cpu", "--input", array, "--output", _folder.PathOf("y.npy")];
        string[] head = ["--new-head", "1", "--classes", "3"];

        var headed = new[]
        {
            await Tool.RunAsync(["convert", Weights, converted, .. head]),
            await Tool.RunAsync(["classify", .. image, Weights, "--resolution", "32x32", .. head]),
            await Tool.RunAsync(["run", Weights, .. run, .. head]),
        };
        var kept = new[]
        {
            await Tool.RunAsync("inspect", converted),
            await Tool.RunAsync(["classify", .. image, converted]),
            await Tool.RunAsync(["run", converted, .. run]),
        };

        Assert.All(headed.Concat(kept), result => Assert.Equal(ExitCode.Done, result.Code));
        Assert.All(headed, result => Assert.Contains(drawn, result.Error, StringComparison.Ordinal));
        Assert.All(kept, result => Assert.Contains(known, result.Error, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Inspect_gives_one_json_document()
    {
        var plain = await Tool.RunAsync("inspect", Weights, "--json");
        var full = await Tool.RunAsync("inspect", Weights, "--json", "--tensors");

        Assert.Equal(
            "file format bytes sha256 usable refusal tensor_count element_types model nearest opset operators tensors",
            plain.Json.Names()
        );
        Assert.True(plain.Json.GetProperty("usable").GetBoolean());
        Assert.Equal("mobilenet_v2", plain.Json.GetProperty("model").GetProperty("architecture").GetString());
        Assert.Equal(262, full.Json.GetProperty("tensors").GetArrayLength());
    }

    [Fact]
    public async Task Inspect_describes_graphs()
    {
        var model = ModelSource.Load(V2).Model;
        File.WriteAllBytes(_folder.PathOf("g.onnx"), OnnxWriter.Write(model, new OnnxWriteOptions()));

        var result = await Tool.RunAsync("inspect", _folder.PathOf("g.onnx"));
        var json = await Tool.RunAsync("inspect", _folder.PathOf("g.onnx"), "--json");

        Assert.Equal(ExitCode.Done, result.Code);
        Assert.StartsWith("note: No contract is known for it: pictures ", result.Error, StringComparison.Ordinal);
        Assert.Matches(@"opset \d+: .*\d+ Conv", result.Output);
        Assert.Contains("input 32x32x3, output 1x1x1000", result.Output, StringComparison.Ordinal);
        Assert.Contains("contract: none known", result.Output, StringComparison.Ordinal);
        Assert.Matches("mobilenet_v2 of torchvision, .* by the names of its tensors", result.Output);
        Assert.Equal("mobilenet_v2", json.Json.GetProperty("model").GetProperty("architecture").GetString());
    }

    [Fact]
    public async Task Inspect_knows_a_graph_without_names_by_its_convolutions()
    {
        var latin = System.Text.Encoding.Latin1;
        var content = latin.GetString(OnnxWriter.Write(ModelSource.Load(V2).Model, new OnnxWriteOptions()));
        // The same length, so that the file stays whole.
        File.WriteAllBytes(
            _folder.PathOf("g.onnx"),
            latin.GetBytes(content.Replace("features.", "fixtures.", StringComparison.Ordinal))
        );

        var result = await Tool.RunAsync("inspect", _folder.PathOf("g.onnx"));
        var json = await Tool.RunAsync("inspect", _folder.PathOf("g.onnx"), "--json");

        Assert.Contains(
            "\n  mobilenet_v2, width 0.1, 1,000 classes, by the sequence of its convolutions\n",
            result.Output,
            StringComparison.Ordinal
        );
        var model = json.Json.GetProperty("model");
        Assert.Equal("mobilenet_v2", model.GetProperty("architecture").GetString());
        Assert.Null(model.GetProperty("ecosystem").GetString());
    }

    [Fact]
    public async Task Inspect_names_what_is_missing_and_extra()
    {
        var weights = ModelSource.Load(V2).Model.Weights;
        var tensors = weights.Tensors;
        var other = tensors
            .RemoveRange(tensors.Keys.Where(name => name.StartsWith("features.3.", StringComparison.Ordinal)))
            .Add("extra.weight", new Tensor([1], new float[1]));
        Safetensors.Write(_folder.PathOf("o.safetensors"), weights with { Tensors = other });

        var text = await Tool.RunAsync("inspect", _folder.PathOf("o.safetensors"));
        var json = await Tool.RunAsync("inspect", _folder.PathOf("o.safetensors"), "--json");

        Assert.Equal((ExitCode.Failed, ExitCode.Failed), (text.Code, json.Code));
        Assert.Contains("nearest: mobilenet_v2 of torchvision", text.Output, StringComparison.Ordinal);
        Assert.Matches(@"15 missing: .*features\.3\..* and 7 more", text.Output);
        Assert.Contains("1 not used: extra.weight", text.Output, StringComparison.Ordinal);
        Assert.StartsWith("error: ", text.Error, StringComparison.Ordinal);
        Assert.Equal(15, json.Json.GetProperty("nearest").GetProperty("missing").GetArrayLength());
    }

    [Fact]
    public async Task Inspect_says_what_a_foreign_file_is()
    {
        var result = await Tool.RunAsync("inspect", _folder.Write("a.pth", "<html>not found</html>"));

        Assert.Equal(ExitCode.Failed, result.Code);
        Assert.Contains("no known format", result.Output, StringComparison.Ordinal);
        Assert.Contains("an HTML page", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inspect_says_how_to_go_on_with_a_file_of_older_PyTorch()
    {
        var legacy = Repository.PathOf("tests", "Network", "Weights", "Goldens", "legacy.pth");

        var result = await Tool.RunAsync("inspect", legacy);
        var json = await Tool.RunAsync("inspect", legacy, "--json");

        Assert.Equal((ExitCode.Failed, ExitCode.Failed), (result.Code, json.Code));
        Assert.Contains("expected a model or a file of weights, but", result.Error, StringComparison.Ordinal);
        Assert.Contains("torch.save(torch.load(", result.Error, StringComparison.Ordinal);
        Assert.Equal(System.Text.Json.JsonValueKind.Null, json.Json.GetProperty("format").ValueKind);
    }

    [Fact]
    public async Task A_converted_file_needs_no_other_option_and_gives_the_same_bits()
    {
        var (weights, converted) = (Weights, _folder.PathOf("c.safetensors"));
        WriteInput();
        var convert = await Tool.RunAsync("convert", weights, converted, "--resolution", "32x32");
        var original = await RunAsync(weights, "a.npy");
        var copy = await RunAsync(converted, "b.npy");

        Assert.Equal(ExitCode.Done, convert.Code);
        Assert.Matches(
            @"c\.safetensors: mobilenet_v2, F32, [\d,]+ bytes, contract torchvision/mobilenet_v2\.",
            convert.Output
        );
        Assert.StartsWith("note: The contract", convert.Error, StringComparison.Ordinal);
        Assert.Equal((ExitCode.Done, ExitCode.Done), (original.Code, copy.Code));
        Assert.StartsWith("note: The contract", original.Error, StringComparison.Ordinal);
        Assert.Equal("", copy.Error);
        Assert.Equal(
            Npy.Read(_folder.PathOf("a.npy")).Data.ToArray(),
            Npy.Read(_folder.PathOf("b.npy")).Data.ToArray()
        );
    }

    [Fact]
    public async Task Forced_numerics_of_a_converted_file_are_told()
    {
        const string forced = "padding same instead of symmetric";
        var converted = _folder.PathOf("c.safetensors");
        await Tool.RunAsync("convert", Weights, converted, "--padding", "same", "--force-numerics");

        var inspect = await Tool.RunAsync("inspect", converted);
        var json = await Tool.RunAsync("inspect", converted, "--json");
        var classify = await Tool.RunAsync("classify", _folder.WriteImage("a.ppm", 1), "--model", converted);

        Assert.Equal((ExitCode.Done, ExitCode.Done), (inspect.Code, classify.Code));
        Assert.Contains($"\n  numerics forced: {forced}\n", inspect.Output, StringComparison.Ordinal);
        Assert.Equal(forced, json.Json.GetProperty("model").GetProperty("forced_numerics")[0].GetString());
        Assert.Contains(
            $"note: When it was converted, its numerics were forced: {forced}.\n",
            classify.Error,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Convert_keeps_labels_and_pictures_for_classify()
    {
        var converted = _folder.PathOf("c.safetensors");
        var labels = _folder.Write("l.txt", "left\nright");
        string[] source = ["--random-weights", "1", "--classes", "2"];
        string[] pictures = ["--labels", labels, "--resize", "stretch", "--mean", "0.4", "--interpolation", "nearest"];
        var convert = await Tool.RunAsync([
            "convert",
            "mobilenet_v2_relu",
            converted,
            "--json",
            "--f16",
            .. source,
            .. pictures,
        ]);

        var result = await Tool.RunAsync("classify", _folder.WriteImage("a.ppm", 1), "--model", converted);

        Assert.Equal("model file dtype bytes contract", convert.Json.Names());
        Assert.Equal("F16", convert.Json.GetProperty("dtype").GetString());
        Assert.Equal(ExitCode.Done, result.Code);
        Assert.Matches("left .*%|right .*%", result.Output);
        Assert.EndsWith("pictures prepared as for a way of its own\n", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Convert_refuses_its_own_input_a_graph_and_a_missing_folder()
    {
        var weights = Weights;
        File.WriteAllBytes(_folder.PathOf("g"), OnnxWriter.Write(ModelSource.Load(V2).Model, new OnnxWriteOptions()));

        var same = await Tool.RunAsync("convert", weights, weights);
        var graph = await Tool.RunAsync("convert", _folder.PathOf("g"), _folder.PathOf("o.safetensors"));
        var missing = await Tool.RunAsync("convert", weights, _folder.PathOf("none/o.safetensors"));

        Assert.Equal((ExitCode.Usage, ExitCode.Failed, ExitCode.Failed), (same.Code, graph.Code, missing.Code));
        Assert.Contains("is the input too", same.Error, StringComparison.Ordinal);
        Assert.Contains("is a graph", graph.Error, StringComparison.Ordinal);
        Assert.Contains("The folder of OUT", missing.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Classify_prints_the_names_of_ImageNet_for_weights_of_a_known_form()
    {
        var result = await Tool.RunAsync(
            "classify",
            _folder.WriteImage("a.ppm", 1),
            "--weights",
            Weights,
            "--top",
            "1"
        );

        Assert.Equal(ExitCode.Done, result.Code);
        Assert.DoesNotContain("class ", result.Output, StringComparison.Ordinal);
        Assert.Contains(
            "mobilenet_v2 on cpu, pictures prepared as for torchvision/mobilenet_v2.IMAGENET1K_V1\nnote: ",
            result.Error,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("--epsilon", "0.001", "epsilon 0.001 was asked for, it has 1E-05")]
    [InlineData("--padding", "same", "padding same was asked for, it has symmetric")]
    [InlineData("--gate", "hard-sigmoid:0.2", "gate hard-sigmoid:0.2 was asked for, it has hard-sigmoid")]
    [InlineData("--activation", "relu", "activation relu was asked for, it has relu6")]
    [InlineData("--activation", "silu", "'silu' is neither relu nor relu6")]
    [InlineData("--contract", "keras/MobileNet.imagenet", "mobilenet_v1")]
    [InlineData("--ecosystem", "caffe", "no form 'caffe'")]
    [InlineData("--crop", "2", "at most 1")]
    [InlineData("--interpolation", "lanczos", "none of bilinear, bicubic, nearest")]
    public async Task A_contradiction_is_a_usage_error(string option, string value, string message)
    {
        string[] arguments = ["classify", _folder.WriteImage("a.ppm", 1), "--model", "mobilenet_v2"];

        var result = await Tool.RunAsync([.. arguments, "--random-weights", "1", "--width", "0.1", option, value]);

        Assert.Equal(ExitCode.Usage, result.Code);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Forced_numerics_change_the_result()
    {
        var weights = Weights;
        WriteInput();

        await RunAsync(weights, "a.npy");
        var forced = await RunAsync(weights, "b.npy", "--epsilon", "0.1", "--force-numerics");

        Assert.Equal(ExitCode.Done, forced.Code);
        Assert.NotEqual(
            Npy.Read(_folder.PathOf("a.npy")).Data.ToArray(),
            Npy.Read(_folder.PathOf("b.npy")).Data.ToArray()
        );
    }

    [Fact]
    public async Task Contracts_are_listed()
    {
        var text = await Tool.RunAsync("models", "--contracts");
        var json = await Tool.RunAsync("models", "--contracts", "--json");

        Assert.Contains("torchvision/mobilenet_v2.IMAGENET1K_V2", text.Output, StringComparison.Ordinal);
        Assert.Equal(ContractCatalog.All.Length, json.Json.GetArrayLength());
        Assert.Equal("name architecture width resolution classes pictures numerics files source", json.Json[0].Names());
    }

    private void WriteInput()
    {
        var values = new float[3 * 32 * 32];
        WeightFormula.Fill("input", 1, values, scale: 2, offset: -1);
        Npy.Write(_folder.PathOf("x.npy"), new Tensor(ImmutableArray.Create(1, 3, 32, 32), values));
    }

    private Task<ToolResult> RunAsync(string model, string output, params string[] more) =>
        Tool.RunAsync(["run", model, "--input", _folder.PathOf("x.npy"), "--output", _folder.PathOf(output), .. more]);
}
