using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Network.Tests.Forms;

/// <summary>
/// A network of an ecosystem's own source (<c>eng/form-goldens.py</c>): the names and shapes of its tensors, and its
/// output for weights that follow a formula of their names.
/// </summary>
public sealed record FormGolden(
    string Name,
    string Architecture,
    string Form,
    double Width,
    int Height,
    int InputWidth,
    int Classes,
    int Batch
)
{
    private const ulong Seed = 1;

    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web);
    private static readonly string _folder = Path.Combine(AppContext.BaseDirectory, "Forms");

    public static IReadOnlyList<FormGolden> All { get; } =
        JsonSerializer.Deserialize<List<FormGolden>>(File.ReadAllText(Path.Combine(_folder, "forms.json")), _json)!;

    public static TheoryData<string> Names => [.. All.Select(golden => golden.Name)];

    public static FormGolden Get(string name) => All.Single(golden => golden.Name == name);

    /// <summary><c>[N, classes]</c>.</summary>
    public Tensor Output => Npy.Read(Path.Combine(_folder, $"{Name}.npy"));

    /// <summary>The ecosystem's file, with formula weights.</summary>
    internal MemoryWeightFile OpenFile() => new($"{Name}.weights", Lines.Select(Stored));

    private IEnumerable<string[]> Lines =>
        File.ReadLines(Path.Combine(_folder, $"{Name}.txt")).Select(line => line.Split(' '));

    private static (string, ImmutableArray<int>, Func<Tensor>) Stored(string[] fields)
    {
        ImmutableArray<int> shape =
        [
            .. fields[1].Split('x').Select(axis => int.Parse(axis, CultureInfo.InvariantCulture)),
        ];
        var scale = double.Parse(fields[2], CultureInfo.InvariantCulture);
        var offset = double.Parse(fields[3], CultureInfo.InvariantCulture);
        return (fields[0], shape, () => Values(fields[0], shape, (scale, offset)));
    }

    private static Tensor Values(string name, ImmutableArray<int> shape, (double Scale, double Offset) range)
    {
        var data = new float[shape.Aggregate(1, (count, axis) => count * axis)];
        WeightFormula.Fill(name, Seed, data, range.Scale, range.Offset);
        return new(shape, data);
    }
}
