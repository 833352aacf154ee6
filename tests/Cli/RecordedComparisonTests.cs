using System.Text.Json;
using ILGpuMobileNet.Reference;

namespace ILGpuMobileNet.Cli.Tests;

/// <summary>Our MobileNetV2 beside PyTorch's, recorded as the documentation says.</summary>
public sealed class RecordedComparisonTests(RecordedComparisonTests.Recordings recordings)
    : IClassFixture<RecordedComparisonTests.Recordings>
{
    // What is wrong in PyTorch's network, and the layer where that shows; nothing in the first.
    private static readonly (string Change, string? Layer)[] s_cases =
    [
        ("pass", null),
        ("model.features[6].conv[1][1].eps = 1e-2", "features.6.conv.1.1"),
        ("model.features[4].conv[1][0].padding = (0, 0)", "features.4.conv.1.0"),
        ("model.features[4].conv[1][0].padding_mode = 'circular'", "features.4.conv.1.0"),
        ("model.features[2].conv[0][2] = torch.nn.ReLU()", "features.2.conv.0.2"),
    ];

    public static TheoryData<int> Faults { get; } = [.. Enumerable.Range(1, s_cases.Length - 1)];

    /// <summary>A recording for each case, made once.</summary>
    public sealed class Recordings : IDisposable
    {
        private readonly TemporaryFolder _folder = new();
        private readonly Lazy<bool> _areMade;

        public Recordings() => _areMade = new(Make);

        public string PathOf(int index)
        {
            Skip.IfNot(_areMade.Value, PyTorchRecording.Missing);
            return Path.Combine(_folder.PathOf($"{index}"), "torch.npz");
        }

        public void Dispose() => _folder.Dispose();

        private bool Make()
        {
            if (PyTorchRecording.IsPossible)
            {
                PyTorchRecording.Make(_folder.Folder, [.. s_cases.Select(each => each.Change)]);
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
        Assert.Equal(141, layers.Count); // the input, 52 convolutions, 52 normalisations, 35 ReLU6, the classifier
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

    private Task<ToolResult> CompareAsync(int recording) =>
        Tool.RunAsync([
            "compare",
            "mobilenet_v2",
            recordings.PathOf(recording),
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
