using System.Text.Json;
using ILGpuMobileNet.Network.Onnx;

namespace ILGpuMobileNet.Network.Tests.Onnx;

/// <summary>One file that PyTorch's exporter wrote, and the number of its modules of each kind.</summary>
public sealed record OnnxGolden(
    string Name,
    int Opset,
    bool Unfolded,
    int Convolutions,
    int Normalizations,
    int Linears,
    int HardSwishes,
    int HardSigmoids,
    bool HasSoftmax
)
{
    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web);
    private static readonly string _folder = Path.Combine(AppContext.BaseDirectory, "Onnx", "Goldens");

    public static IReadOnlyList<OnnxGolden> All { get; } =
        JsonSerializer.Deserialize<List<OnnxGolden>>(File.ReadAllText(Path.Combine(_folder, "manifest.json")), _json)!;

    /// <summary>What all cases compute: [2, 3, H, W].</summary>
    public static string InputPath => Path.Combine(_folder, "input.npy");

    public static string PathOf(string name) => Path.Combine(_folder, name);

    public string OutputPath => Path.Combine(_folder, $"{Name}.output.npy");

    public byte[] Content => File.ReadAllBytes(Path.Combine(_folder, $"{Name}.onnx"));

    public Model Read() => OnnxModel.Read(Content, Name);

    public static OnnxGolden Get(string name) => All.Single(golden => golden.Name == name);
}
