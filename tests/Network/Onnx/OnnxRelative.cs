using System.Text.Json;
using ILGpuMobileNet.Network.Onnx;

namespace ILGpuMobileNet.Network.Tests.Onnx;

/// <summary>A network beyond the MobileNets that PyTorch's exporter wrote, and the number of its modules.</summary>
public sealed record OnnxRelative(string Name, int Convolutions, int Linears, int Poolings)
{
    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web);
    private static readonly string _folder = Path.Combine(AppContext.BaseDirectory, "Onnx", "Goldens");

    public static IReadOnlyList<OnnxRelative> All { get; } =
        JsonSerializer.Deserialize<List<OnnxRelative>>(
            File.ReadAllText(Path.Combine(_folder, "relatives.json")),
            _json
        )!;

    public static TheoryData<string> Names => [.. All.Select(relative => relative.Name)];

    public string FilePath => Path.Combine(_folder, $"{Name}.onnx");

    public string OutputPath => Path.Combine(_folder, $"{Name}.output.npy");

    public Model Read() => OnnxModel.Read(FilePath);

    public static OnnxRelative Get(string name) => All.Single(relative => relative.Name == name);
}
