using System.Text.Json;
using System.Xml.Linq;

namespace ILGpuMobileNet.Cli.Tests;

[Trait("Device", "ilgpu")]
public sealed class ProfileCommandTests : IDisposable
{
    private static readonly XNamespace s_svg = "http://www.w3.org/2000/svg";
    private static readonly string[] s_network =
    [
        "profile",
        "mobilenet_v2_relu",
        "--width",
        "0.25",
        "--rounds",
        "2",
        "--threads",
        "1",
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    private string Picture => Path.Combine(_folder, "roofline.svg");

    [Fact]
    public async Task Json_has_the_documented_names_and_finite_numbers()
    {
        var profile = (await Tool.RunAsync([.. s_network, "--device", "cpu", "--batch", "2", "--json"])).Json;

        Assert.Equal(
            "model device batch rounds run_seconds machine steps waited_after_steps step_seconds flops bytes flops_per_second",
            profile.Names()
        );
        var machine = profile.GetProperty("machine");
        Assert.Equal("processor threads vector_length flops_per_second memory", machine.Names());
        Assert.All(
            machine.GetProperty("memory").EnumerateArray(),
            level => Assert.Equal("name working_set_bytes bytes_per_second", level.Names())
        );
        const string names =
            "name operation input output seconds flops bytes share bound flops_per_second bytes_per_second flops_per_byte";
        var steps = profile.GetProperty("steps").EnumerateArray().ToList();
        Assert.All(steps, step => Assert.Equal(names, step.Names()));
        Assert.All(steps, step => Assert.Equal("limit level seconds fraction", step.GetProperty("bound").Names()));
        Assert.Equal(profile.GetProperty("flops").GetInt64(), steps.Sum(step => step.GetProperty("flops").GetInt64()));
    }

    [Fact]
    public async Task Table_tells_steps_the_whole_and_the_machine()
    {
        var result = await Tool.RunAsync([.. s_network, "--device", "cpu"]);

        Assert.Equal(ExitCode.Done, result.Code);
        Assert.Contains("blocks.0.expand", result.Output, StringComparison.Ordinal);
        Assert.Matches(
            @"mobilenet_v2_relu on cpu, batch 1: [\d.]+ ms a run, .* of the multiply-add peak",
            result.Output
        );
        Assert.Matches(@"1 thread, vectors of \d+ floats: multiply-adds [\d.]+ GFLOP/s, reads L2", result.Output);
        Assert.DoesNotContain("followed by a wait", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_accelerator_has_no_bounds()
    {
        string[] network = [.. s_network, "--device", "ilgpu-cpu", "--resolution", "8", "--svg", Picture];
        var table = await Tool.RunAsync(network);
        var profile = (await Tool.RunAsync([.. network, "--json"])).Json;

        Assert.Contains("followed by a wait", table.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Bound", table.Output, StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, profile.GetProperty("machine").ValueKind);
        Assert.All(
            profile.GetProperty("steps").EnumerateArray(),
            step => Assert.Equal(JsonValueKind.Null, step.GetProperty("bound").ValueKind)
        );
        AssertPicture(profile);
    }

    [Fact]
    public async Task Picture_has_a_dot_with_a_tooltip_for_each_step()
    {
        var result = await Tool.RunAsync([.. s_network, "--device", "cpu", "--svg", Picture, "--json"]);

        Assert.Equal($"Drawn in {Picture}", result.Error.Trim());
        var picture = AssertPicture(result.Json);
        Assert.Equal(4, Group(picture, "roofs").Elements(s_svg + "line").Count());
        Assert.Contains("FLOP per byte", picture.Value, StringComparison.Ordinal);
        Assert.Contains("multiply-add peak", picture.Value, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Picture_of_a_folder_that_is_missing_is_refused_before_measuring()
    {
        var missing = await Tool.RunAsync([.. s_network, "--svg", Path.Combine(_folder, "no", "x.svg")]);
        var folder = await Tool.RunAsync([.. s_network, "--svg", _folder]);

        Assert.Equal((ExitCode.Failed, ExitCode.Failed), (missing.Code, folder.Code));
        Assert.Contains("--svg", missing.Error, StringComparison.Ordinal);
        Assert.Contains("create it first", missing.Error, StringComparison.Ordinal);
        Assert.Contains("is a folder", folder.Error, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private XElement AssertPicture(JsonElement profile)
    {
        var picture = XDocument.Load(Picture).Root!;
        var names = profile.GetProperty("steps").EnumerateArray().Select(step => step.GetProperty("name").GetString()!);
        var dots = Group(picture, "steps").Elements(s_svg + "circle").ToList();
        var tooltips = dots.Select(dot => dot.Element(s_svg + "title")!.Value.Split(':')[0]);
        Assert.Equal(names.Order(StringComparer.Ordinal), tooltips.Order(StringComparer.Ordinal));
        var sides = picture.Attribute("viewBox")!.Value.Split(' ').Select(double.Parse).ToList();
        Assert.All(dots, dot => Assert.InRange((double)dot.Attribute("cx")!, 0, sides[2]));
        Assert.All(dots, dot => Assert.InRange((double)dot.Attribute("cy")!, 0, sides[3]));
        Assert.All(dots, dot => Assert.True((double)dot.Attribute("r")! > 0));
        return picture;
    }

    private static XElement Group(XElement picture, string name) =>
        picture.Elements(s_svg + "g").Single(group => (string?)group.Attribute("class") == name);
}
