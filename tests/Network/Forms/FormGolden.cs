using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Architectures;
using ILGpuMobileNet.Network.Tests.Execution;
using ILGpuMobileNet.Network.Weights;
using ILGpuMobileNet.Reference.Operations;

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
    private const double Tolerance = 1e-4;

    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web);
    private static readonly string _folder = Path.Combine(AppContext.BaseDirectory, "Forms");

    public static IReadOnlyList<FormGolden> All { get; } =
        JsonSerializer.Deserialize<List<FormGolden>>(File.ReadAllText(Path.Combine(_folder, "forms.json")), _json)!;

    public static TheoryData<string> Names => [.. All.Select(golden => golden.Name)];

    public static FormGolden Get(string name) => All.Single(golden => golden.Name == name);

    /// <summary>The network in its form, with the weights of <see cref="OpenFile"/> bound to it.</summary>
    public Model Load()
    {
        var architecture = ArchitectureCatalog.Get(Architecture);
        var options = new ArchitectureOptions
        {
            Form = Form,
            Width = Width,
            Resolution = new(Height, InputWidth),
            Classes = Classes,
        };
        var graph = architecture.Build(options);
        using var file = OpenFile();
        var weights = WeightBinding.Bind(file, graph, architecture.FormOf(Form));
        weights.Check(graph);
        return new(graph, weights);
    }

    /// <summary>All images, <c>[N, H, W, C]</c>; the formula fills them as <c>[N, C, H, W]</c>.</summary>
    public float[] Input()
    {
        var shape = new FeatureShape(Height, InputWidth, 3);
        var values = new float[Batch * shape.ElementCount];
        WeightFormula.Fill("input", Seed, values, scale: 2, offset: -1);
        return GoldenNetworks.FromPlanar(values, shape);
    }

    /// <summary>Holds an output, <c>[N, classes]</c>, against the ecosystem's.</summary>
    public void AssertClose(float[] output)
    {
        var expected = Npy.Read(Path.Combine(_folder, $"{Name}.npy")).Data.ToArray();
        var error = Closeness.RelativeError([.. expected.Select(value => (double)value)], output);
        Assert.InRange(error, 0, Tolerance);
    }

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
