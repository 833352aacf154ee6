using ILGpuMobileNet.Network.Weights;
using ILGpuMobileNet.Reference;

namespace ILGpuMobileNet.Cli.Tests;

[Trait("Device", "ilgpu")]
public sealed class CompareCommandTests : IDisposable
{
    private static readonly string[] Small = ["--random-weights", "1", "--resolution", "16x24", "--device", "cpu"];
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Folded_and_unfolded_agree()
    {
        var result = await Tool.RunAsync(["compare", "mobilenet_v2_relu", "--unfused-b", "--batch", "3", .. Small]);

        Assert.Equal((ExitCode.Done, ""), (result.Code, result.Error));
        Assert.Contains(
            "A: mobilenet_v2_relu on cpu\nB: mobilenet_v2_relu on cpu, layer by layer\n",
            result.Output,
            StringComparison.Ordinal
        );
        Assert.Contains("Only in B: ", result.Output, StringComparison.Ordinal);
        Assert.Contains(" more\n", result.Output, StringComparison.Ordinal);
        Assert.EndsWith(
            "\nNo divergence: 22 layers agree within 0.0001 of a layer's largest |value|; A has 22, B 47.\n",
            result.Output,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task An_accelerator_agrees_with_the_cpu()
    {
        var result = await Tool.RunAsync([
            "compare",
            "mobilenet_v2_relu",
            "--device-b",
            "ilgpu-cpu",
            "--json",
            .. Small,
        ]);

        Assert.Equal((ExitCode.Done, ""), (result.Code, result.Error));
        Assert.Equal("mobilenet_v2_relu on ilgpu-cpu", result.Json.GetProperty("b").GetString());
        Assert.Equal(
            "a b tolerance paired_by_name layers only_a only_b is_conclusive first_divergence",
            result.Json.Names()
        );
        var layer = result.Json.GetProperty("layers")[1];
        Assert.Equal(
            "name other_name shape diverges other_shape largest_value difference relative_difference place",
            layer.Names()
        );
    }

    [Fact]
    public async Task Other_weights_diverge_at_the_first_layer_that_has_any()
    {
        var result = await Tool.RunAsync(["compare", "mobilenet_v2_relu", "--random-weights-b", "2", .. Small]);

        Assert.Equal((ExitCode.Failed, ""), (result.Code, result.Error));
        Assert.Matches(@"\n  !   stem +16x24x32 ", result.Output);
        Assert.Matches(
            @"First divergence: stem, image 0, row \d+, column \d+, channel \d+: -?[\d.]+ against -?[\d.]+, [\d.]+ of its "
                + @"largest \|value\|; tolerated is 0.0001 of a layer's largest \|value\|\.\n$",
            result.Output
        );
        var tolerant = await Tool.RunAsync([
            "compare",
            "mobilenet_v2_relu",
            "--random-weights-b",
            "2",
            "--tolerance",
            "2",
            .. Small,
        ]);
        Assert.Equal(ExitCode.Done, tolerant.Code);
    }

    [Fact]
    public async Task Two_networks_of_other_names_are_paired_by_shapes()
    {
        var result = await Tool.RunAsync(["compare", "mobilenet_v1", "mobilenet_v1_keras", .. Small]);

        Assert.Equal(ExitCode.Failed, result.Code);
        Assert.Contains("The sides name their layers differently", result.Output, StringComparison.Ordinal);
        Assert.Contains("First divergence: model.0.2 = conv1.activation,", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_picture_is_prepared_as_each_side_wants_it()
    {
        var picture = _folder.WriteImage("a.ppm", 1);

        var same = await Tool.RunAsync(["compare", "mobilenet_v2", "--input", picture, .. Small]);
        var other = await Tool.RunAsync([
            "compare",
            "mobilenet_v1",
            "mobilenet_v1_keras",
            "--input",
            picture,
            .. Small,
        ]);

        Assert.Equal((ExitCode.Done, ""), (same.Code, same.Error));
        Assert.Contains("First divergence: input, image 0,", other.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_array_gives_the_resolution_too()
    {
        WriteImages("x.npy", height: 20, width: 28);

        var result = await Tool.RunAsync(
            "compare",
            "mobilenet_v2_relu",
            "--random-weights",
            "1",
            "--device",
            "cpu",
            "--input",
            _folder.PathOf("x.npy"),
            "--json"
        );

        Assert.Equal((ExitCode.Done, ""), (result.Code, result.Error));
        Assert.Equal("20x28x3", result.Json.GetProperty("layers")[0].GetProperty("shape").GetString());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_recording_brings_its_images_in_either_order(bool channelsFirst)
    {
        var planar = Images(16, 24);
        NpzFile.Write(
            _folder.PathOf("r.npz"),
            ("input", channelsFirst ? planar : Transposed(planar)),
            ("predictions", new Tensor([2, 10], new float[20]))
        );

        var result = await Tool.RunAsync(
            "compare",
            _folder.PathOf("r.npz"),
            "mobilenet_v2_relu",
            "--random-weights",
            "1",
            "--device",
            "cpu"
        );

        Assert.Equal((ExitCode.Failed, ""), (result.Code, result.Error));
        Assert.Matches(@"\n      input +16x24x3 .* 0\.0e\+0 ", result.Output);
        Assert.Matches("First divergence: predictions, image .*: 0 against ", result.Output);
        Assert.Contains("mobilenet_v2_relu on cpu, layer by layer\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_layer_of_another_shape_is_named_with_both()
    {
        NpzFile.Write(
            _folder.PathOf("r.npz"),
            ("input", Images(16, 24)),
            ("stem", new Tensor([2, 32, 15, 23], new float[2 * 32 * 15 * 23]))
        );

        var result = await Tool.RunAsync(
            "compare",
            "mobilenet_v2_relu",
            _folder.PathOf("r.npz"),
            "--random-weights",
            "1",
            "--device",
            "cpu"
        );

        Assert.EndsWith(
            "First divergence: stem is [2, 16, 24, 32] on one side and [2, 15, 23, 32] on the other.\n",
            result.Output,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Agreement_of_a_few_layers_decides_nothing()
    {
        string[] sides = ["a", "b"];
        foreach (var (index, side) in sides.Index())
        {
            Tensor Vector(int length) => new([1, length], Enumerable.Range(1, length).Select(i => (float)i).ToArray());
            NpzFile.Write(
                _folder.PathOf($"{side}.npz"),
                ("same", Vector(2)),
                ($"{side}1", Vector(7 + index)),
                ($"{side}2", Vector(9 + index)),
                ($"{side}3", Vector(11 + index))
            );
        }

        var result = await Tool.RunAsync("compare", _folder.PathOf("a.npz"), _folder.PathOf("b.npz"));

        Assert.Equal((ExitCode.Failed, ""), (result.Code, result.Error));
        Assert.EndsWith(
            "\nUndecided: 1 layer agrees within 0.0001 of a layer's largest |value|, but A has 4, B 4: too many are on one side only.\n",
            result.Output,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Two_recordings_need_no_network()
    {
        NpzFile.Write(_folder.PathOf("a.npz"), ("x", new Tensor([1, 2], new float[] { 1, float.NaN })));
        NpzFile.Write(_folder.PathOf("b.npz"), ("x", new Tensor([1, 2], new float[] { 1, 2 })));

        var result = await Tool.RunAsync("compare", _folder.PathOf("a.npz"), _folder.PathOf("b.npz"), "--json");

        Assert.Equal(ExitCode.Failed, result.Code);
        var layer = result.Json.GetProperty("first_divergence");
        Assert.Equal("Infinity", layer.GetProperty("difference").GetString());
        Assert.Equal("NaN", layer.GetProperty("place").GetProperty("a").GetString());
    }

    [Theory]
    [InlineData(float.NaN, "NaN against NaN; what is not finite agrees with nothing.\n")]
    [InlineData(float.PositiveInfinity, "Infinity against Infinity; what is not finite agrees with nothing.\n")]
    public async Task What_is_not_finite_on_both_sides_is_named(float value, string verdict)
    {
        NpzFile.Write(
            _folder.PathOf("a.npz"),
            ("fine", new Tensor([1, 2], new float[] { 1, 2 })),
            ("x", new Tensor([1, 2], new float[] { 1, value }))
        );

        var result = await Tool.RunAsync("compare", _folder.PathOf("a.npz"), _folder.PathOf("a.npz"));

        Assert.Equal(ExitCode.Failed, result.Code);
        Assert.EndsWith(
            $"First divergence: x, image 0, row 0, column 0, channel 1: {verdict}",
            result.Output,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Axes_of_no_feature_map_are_named()
    {
        NpzFile.Write(_folder.PathOf("a.npz"), ("x", new Tensor([1, 1, 1, 1, 1], new float[1])));

        var result = await Tool.RunAsync("compare", _folder.PathOf("a.npz"), _folder.PathOf("a.npz"));

        Assert.Equal(ExitCode.Failed, result.Code);
        Assert.EndsWith(
            "First divergence: x has axes [1, 1, 1, 1, 1] on both sides, expected N,C or N,C,H,W or N,H,W,C.\n",
            result.Output,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task An_input_beside_two_recordings_is_a_usage_error()
    {
        NpzFile.Write(_folder.PathOf("a.npz"), ("x", new Tensor([1, 2], new float[2])));
        Npy.Write(_folder.PathOf("x.npy"), new Tensor([1, 3, 2, 2], new float[12]));

        var result = await Tool.RunAsync(
            "compare",
            _folder.PathOf("a.npz"),
            _folder.PathOf("a.npz"),
            "--input",
            _folder.PathOf("x.npy")
        );

        Assert.Equal(ExitCode.Usage, result.Code);
        Assert.Contains("both sides are recorded activations", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_recording_without_images_asks_for_them()
    {
        NpzFile.Write(_folder.PathOf("r.npz"), ("stem", new Tensor([1, 2], new float[2])));

        var result = await Tool.RunAsync(
            "compare",
            "mobilenet_v2_relu",
            _folder.PathOf("r.npz"),
            "--random-weights",
            "1"
        );

        Assert.Equal(ExitCode.Failed, result.Code);
        Assert.Contains("it has no array 'input'", result.Error, StringComparison.Ordinal);
        Assert.Contains("--input x.npy", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_no_recording_is_refused()
    {
        var file = _folder.Write("r.npz", "no archive");
        var result = await Tool.RunAsync("compare", "mobilenet_v2_relu", file, "--random-weights", "1");
        Assert.Equal(ExitCode.Failed, result.Code);
        Assert.Contains(".npz", result.Error, StringComparison.Ordinal);
    }

    private static Tensor Images(int height, int width)
    {
        var values = new float[2 * 3 * height * width];
        WeightFormula.Fill("input", 1, values, scale: 2, offset: -1);
        return new([2, 3, height, width], values);
    }

    private static Tensor Transposed(Tensor planar)
    {
        var (height, width) = (planar.Shape[2], planar.Shape[3]);
        var values = new float[planar.Data.Length];
        Host.ChannelLayout.ToChannelsLast(planar.Data.Span, new(height, width, 3), values);
        return new([2, height, width, 3], values);
    }

    private void WriteImages(string name, int height, int width) =>
        Npy.Write(_folder.PathOf(name), Images(height, width));
}
