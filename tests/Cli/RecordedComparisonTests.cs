using System.Text.Json;
using ILGpuMobileNet.Reference;

namespace ILGpuMobileNet.Cli.Tests;

/// <summary>
/// Our MobileNetV2, and what PyTorch exports of its own with normalisations folded, beside PyTorch's, recorded as the
/// documentation says.
/// </summary>
public sealed class RecordedComparisonTests(RecordedComparisonTests.Recordings recordings)
    : IClassFixture<RecordedComparisonTests.Recordings>
{
    // What is wrong in PyTorch's network, the layer where that shows, and the node of a folded graph; nothing in the first.
    private static readonly (string Change, string? Layer, string? Node)[] s_cases =
    [
        ("pass", null, null),
        (
            "model.features[6].conv[1][1].eps = 1e-2",
            "features.6.conv.1.1",
            "/features/features.6/conv/conv.1/conv.1.0/Conv"
        ),
        (
            "model.features[4].conv[1][0].padding = (0, 0)",
            "features.4.conv.1.0",
            "/features/features.4/conv/conv.1/conv.1.0/Conv"
        ),
        (
            "model.features[4].conv[1][0].padding_mode = 'circular'",
            "features.4.conv.1.0",
            "/features/features.4/conv/conv.1/conv.1.0/Conv"
        ),
        (
            "model.features[2].conv[0][2] = torch.nn.ReLU()",
            "features.2.conv.0.2",
            "/features/features.2/conv/conv.0/conv.0.2/Clip"
        ),
    ];

    // A network whose blocks call one module twice.
    private static readonly string s_residual =
        "model = formula.fill(torchvision.models.resnet18(num_classes=10)).float()";

    public static TheoryData<int> Faults { get; } = [.. Enumerable.Range(1, s_cases.Length - 1)];

    /// <summary>A recording for each case, made once.</summary>
    public sealed class Recordings : IDisposable
    {
        private readonly TemporaryFolder _folder = new();
        private readonly Lazy<bool> _areMade;

        public Recordings() => _areMade = new(Make);

        public string PathOf(int index, string file)
        {
            Skip.IfNot(_areMade.Value, PyTorchRecording.Missing);
            return Path.Combine(_folder.PathOf($"{index}"), file);
        }

        public void Dispose() => _folder.Dispose();

        private bool Make()
        {
            if (PyTorchRecording.IsPossible)
            {
                PyTorchRecording.Make(_folder.Folder, [.. s_cases.Select(each => each.Change), s_residual]);
            }
            return PyTorchRecording.IsPossible;
        }
    }

    [SkippableFact]
    public async Task Every_layer_agrees_with_pytorch()
    {
        var result = await CompareAsync(0);

        Assert.Equal((ExitCode.Done, ""), (result.Code, result.Error));
        Assert.True(result.Json.GetProperty("paired_by_name").GetBoolean());
        var layers = result.Json.GetProperty("layers").EnumerateArray().ToList();
        // The input, 52 convolutions, 52 normalisations, 35 ReLU6, the pool beside the dropout, the classifier.
        Assert.Equal(142, layers.Count);
        Assert.Equal(JsonValueKind.Null, result.Json.GetProperty("first_divergence").ValueKind);
        Assert.All(layers, layer => Assert.InRange(layer.GetProperty("relative_difference").GetDouble(), 0, 5e-5));
    }

    [SkippableTheory]
    [MemberData(nameof(Faults))]
    public async Task A_planted_fault_is_found_at_its_layer(int fault)
    {
        var result = await CompareAsync(fault);

        Assert.Equal(ExitCode.Failed, result.Code);
        var found = result.Json.GetProperty("first_divergence").GetProperty("name").GetString();
        Assert.Equal(s_cases[fault].Layer, found);
    }

    [SkippableFact]
    public async Task Every_layer_agrees_with_a_folded_graph()
    {
        var result = await CompareGraphAsync(0, graph: 0);

        Assert.Equal((ExitCode.Done, ""), (result.Code, result.Error));
        Assert.True(result.Json.GetProperty("paired_by_name").GetBoolean());
        Assert.True(result.Json.GetProperty("is_conclusive").GetBoolean());
        var layers = result.Json.GetProperty("layers").EnumerateArray().ToList();
        Assert.Equal(90, layers.Count); // the same without the convolutions before their normalisations
        Assert.All(layers, layer => Assert.InRange(layer.GetProperty("relative_difference").GetDouble(), 0, 5e-5));
        // Sums have no module.
        Assert.All(
            result.Json.GetProperty("only_b").EnumerateArray(),
            name => Assert.EndsWith("/Add", name.GetString(), StringComparison.Ordinal)
        );
    }

    [SkippableTheory]
    [MemberData(nameof(Faults))]
    public async Task A_planted_fault_is_found_beside_a_folded_graph(int fault)
    {
        var result = await CompareGraphAsync(fault, graph: 0);

        Assert.Equal(ExitCode.Failed, result.Code);
        var found = result.Json.GetProperty("first_divergence").GetProperty("other_name").GetString();
        Assert.Equal(s_cases[fault].Node, found);
    }

    [SkippableFact]
    public async Task Modules_that_are_called_again_are_recorded_each_time()
    {
        var result = await CompareGraphAsync(s_cases.Length, graph: s_cases.Length);

        Assert.Equal((ExitCode.Done, ""), (result.Code, result.Error));
        var names = result.Json.GetProperty("layers").EnumerateArray().Select(NamesOf);
        Assert.Contains("layer1.0.relu = /layer1/layer1.0/relu/Relu", names);
        Assert.Contains("layer1.0.relu_1 = /layer1/layer1.0/relu_1/Relu", names);
    }

    private static string NamesOf(JsonElement layer) =>
        $"{layer.GetProperty("name").GetString()} = {layer.GetProperty("other_name").GetString()}";

    private Task<ToolResult> CompareGraphAsync(int recording, int graph) =>
        Tool.RunAsync(
            "compare",
            recordings.PathOf(recording, "torch.npz"),
            recordings.PathOf(graph, "network.onnx"),
            "--device",
            "cpu",
            "--json"
        );

    private Task<ToolResult> CompareAsync(int recording) =>
        Tool.RunAsync([
            "compare",
            "mobilenet_v2",
            recordings.PathOf(recording, "torch.npz"),
            "--width",
            "0.35",
            "--classes",
            "10",
            "--random-weights",
            "1",
            "--device",
            "cpu",
            "--json",
        ]);
}
