using ILGpuMobileNet.Network.Weights;
using ILGpuMobileNet.Reference;

namespace ILGpuMobileNet.Cli.Tests;

public sealed class FeaturesCommandTests : IDisposable
{
    private static readonly string[] Small =
    [
        "--model",
        "mobilenet_v3_small",
        "--random-weights",
        "1",
        "--resolution",
        "32x64",
        "--device",
        "cpu",
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_folder_becomes_one_array_with_a_row_for_each_picture()
    {
        var (first, second) = (_folder.WriteImage("in/a.ppm", 1), _folder.WriteImage("in/b.ppm", 2));

        var result = await RunAsync(_folder.PathOf("in"), "--output", _folder.PathOf("e.npy"));
        await RunAsync(second, "--output", _folder.PathOf("alone.npy"), "--embedding");

        Assert.Equal(ExitCode.Done, result.Code);
        Assert.StartsWith(
            "mobilenet_v3_small on cpu, pictures prepared as for ",
            result.Error,
            StringComparison.Ordinal
        );
        Assert.Equal($"{_folder.PathOf("e.npy")}: [2, 576]\n", result.Output);
        var rows = Npy.Read(_folder.PathOf("e.npy"));
        Assert.Equal<int>([2, 576], rows.Shape);
        Assert.Equal(Npy.Read(_folder.PathOf("alone.npy")).Data.ToArray(), rows.Data[576..].ToArray());
        Assert.True(File.Exists(first));
    }

    [Fact]
    public async Task Pictures_are_prepared_as_the_options_say()
    {
        var picture = _folder.WriteImage("a.ppm", 1);

        await RunAsync(picture, "--output", _folder.PathOf("a.npy"));
        var changed = await RunAsync(picture, "--output", _folder.PathOf("b.npy"), "--channel-order", "bgr");

        Assert.Contains("IMAGENET1K_V1 with changes", changed.Error, StringComparison.Ordinal);
        Assert.NotEqual(
            Npy.Read(_folder.PathOf("a.npy")).Data.ToArray(),
            Npy.Read(_folder.PathOf("b.npy")).Data.ToArray()
        );
    }

    [Fact]
    public async Task A_bad_picture_is_reported_and_leaves_a_row_without_numbers()
    {
        var good = _folder.WriteImage("a.ppm", 1);
        var bad = _folder.Write("b.png", "no picture");

        var result = await RunAsync(bad, good, "--output", _folder.PathOf("e.npy"), "--json");

        Assert.Equal(ExitCode.Failed, result.Code);
        Assert.Contains($"\nerror: {bad}: This is no image", result.Error, StringComparison.Ordinal);
        var rows = Npy.Read(_folder.PathOf("e.npy")).Data.ToArray();
        Assert.All(rows[..576], value => Assert.Equal(float.NaN, value));
        Assert.All(rows[576..], value => Assert.True(float.IsFinite(value)));
        Assert.Equal("model device output features images", result.Json.Names());
        Assert.Equal("embedding", result.Json.GetProperty("features")[0].GetProperty("name").GetString());
        var images = result.Json.GetProperty("images").EnumerateArray().ToList();
        Assert.Equal([bad, good], images.Select(image => image.GetProperty("file").GetString()));
        Assert.Null(images[1].GetProperty("error").GetString());
    }

    [Fact]
    public async Task A_folder_receives_a_file_for_each_picture_and_feature()
    {
        var picture = _folder.WriteImage("a.ppm", 1);
        var bad = _folder.Write("b.png", "no picture");
        var output = _folder.PathOf("maps");

        var result = await RunAsync(
            picture,
            bad,
            "--output",
            output,
            "--stride",
            "16,8",
            "--layer",
            "features.1.add",
            "--layer",
            "avgpool"
        );

        Assert.Equal(ExitCode.Usage, result.Code); // this block has no sum
        Assert.Contains("has no layer 'features.1.add'", result.Error, StringComparison.Ordinal);
        result = await RunAsync(picture, bad, "--output", output, "--stride", "16,8", "--layer", "avgpool");
        Assert.Equal((ExitCode.Failed, $"{output}: 3 files\n"), (result.Code, result.Output));
        Assert.Equal(
            ["a.ppm.avgpool.npy", "a.ppm.stride16.npy", "a.ppm.stride8.npy"],
            Directory.EnumerateFiles(output).Select(Path.GetFileName).Order(StringComparer.Ordinal)
        );
        Assert.Equal<int>([288, 2, 4], Npy.Read(Path.Combine(output, "a.ppm.stride16.npy")).Shape);
        Assert.Equal<int>([96, 4, 8], Npy.Read(Path.Combine(output, "a.ppm.stride8.npy")).Shape);
    }

    [Fact]
    public async Task A_stride_may_be_given_again()
    {
        var (picture, output) = (_folder.WriteImage("a.ppm", 1), _folder.PathOf("maps"));

        await RunAsync(picture, "--output", output, "--stride", "16", "--stride", "8,4", "--stride=2");

        Assert.Equal(
            ["a.ppm.stride16.npy", "a.ppm.stride2.npy", "a.ppm.stride4.npy", "a.ppm.stride8.npy"],
            Directory.EnumerateFiles(output).Select(Path.GetFileName).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task Pictures_of_one_name_do_not_overwrite_each_other()
    {
        string[] pictures = [_folder.WriteImage("x/a.ppm", 1), _folder.WriteImage("y/a.ppm", 2)];

        var result = await RunAsync([.. pictures, "--output", _folder.PathOf("maps")]);

        Assert.Equal(ExitCode.Usage, result.Code);
        Assert.Contains("have one name", result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.PathOf("maps")));
    }

    [Fact]
    public async Task Several_features_do_not_fit_into_one_array()
    {
        var result = await RunAsync(
            _folder.WriteImage("a.ppm", 1),
            "--output",
            "e.npy",
            "--stride",
            "16",
            "--embedding"
        );

        Assert.Equal(ExitCode.Usage, result.Code);
        Assert.Contains("2 features do not fit into one array; name a folder", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0", "'0' is no whole number")]
    [InlineData("8,x", "'x' is no whole number")]
    [InlineData("64", "has no feature map at stride 64; it has 2x2, 4x4, 8x8, 16x16, 32x32.")]
    public async Task A_stride_that_is_none_is_refused(string stride, string fault)
    {
        var result = await RunAsync(
            _folder.WriteImage("a.ppm", 1),
            "--output",
            _folder.PathOf("m"),
            "--stride",
            stride
        );
        Assert.Equal(ExitCode.Usage, result.Code);
        Assert.Contains(fault, result.Error, StringComparison.Ordinal);
    }

    private static Task<ToolResult> RunAsync(params string[] arguments) =>
        Tool.RunAsync(["features", .. arguments, .. Small]);
}
