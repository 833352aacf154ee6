using ILGpuMobileNet.Cli.Reports;
using ILGpuMobileNet.Host;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Execution;
using ILGpuMobileNet.Network.Weights;
using ILGpuMobileNet.Reference;
using ILGpuMobileNet.Reference.Onnx;

namespace ILGpuMobileNet.Cli.Tests;

public sealed class RunCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Logits_come_out_as_the_session_computes_them()
    {
        var input = WriteInput(images: 3, channels: 3, height: 20, width: 24);

        var result = await RunAsync("mobilenet_v2_relu", "--json");

        Assert.Equal((ExitCode.Done, ""), (result.Code, result.Error));
        Assert.Equal("model device input output outputs file assumptions", result.Json.Names());
        Assert.Equal(
            "[3,10]",
            result
                .Json.GetProperty("output")
                .ToString()
                .ReplaceLineEndings("")
                .Replace(" ", "", StringComparison.Ordinal)
        );
        var output = Npy.Read(_folder.PathOf("y.npy"));
        Assert.Equal<int>([3, 10], output.Shape);
        Assert.Equal(Expected(input), output.Data.ToArray());
    }

    [Fact]
    public async Task Feature_maps_come_out_channels_first()
    {
        WriteInput(images: 1, channels: 3, height: 32, width: 48);

        var result = await RunAsync("mobilenet_v1_enhance", "--width", "0.25");

        Assert.Equal(ExitCode.Done, result.Code);
        var output = Npy.Read(_folder.PathOf("y.npy"));
        Assert.Equal(4, output.Shape.Length);
        Assert.Equal(256, output.Shape[1]);
        Assert.Contains($"[{string.Join(", ", output.Shape)}] on cpu", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_of_several_outputs_come_out_by_the_names_of_the_file()
    {
        var input = WriteInput(images: 17, channels: 3, height: 4, width: 5);
        WriteTwoOutputs(_folder.PathOf("two.onnx"));

        var result = await RunFileAsync("y.npz", "--json");

        Assert.Equal((ExitCode.Done, ""), (result.Code, result.Error));
        Assert.Empty(result.Json.GetProperty("assumptions").EnumerateArray());
        Assert.Equal("pooled", result.Json.GetProperty("outputs")[0].GetProperty("name").GetString());
        using var archive = NpzFile.Open(_folder.PathOf("y.npz"));
        Assert.Equal<string>(["pooled", "map"], archive.Names);
        Assert.Equal<int>([17, 3], archive.Read("pooled").Shape);
        Assert.Equal<int>([17, 3, 4, 5], archive.Read("map").Shape);
        // A Relu.
        Assert.Equal(input.Data.ToArray().Select(value => Math.Max(0, value)), archive.Read("map").Data.ToArray());
        Assert.Equal(input.Data.ToArray()[..20].Average(), archive.Read("pooled").Data.Span[0], 1e-5f);
        var text = await RunFileAsync("z.npz");
        Assert.Contains("z.npz: pooled [17, 3], map [17, 3, 4, 5] on cpu", text.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_array_file_does_not_hold_several_outputs()
    {
        WriteInput(images: 1, channels: 3, height: 4, width: 5);
        WriteTwoOutputs(_folder.PathOf("two.onnx"));

        var result = await RunFileAsync("y.npy");

        Assert.Equal(ExitCode.Usage, result.Code);
        Assert.Contains("has 2 outputs ('pooled', 'map')", result.Error, StringComparison.Ordinal);
        Assert.Contains($"--output {_folder.PathOf("y.npz")}", result.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.PathOf("y.npy")));
    }

    [Fact]
    public async Task An_archive_may_hold_the_only_output()
    {
        var input = WriteInput(images: 1, channels: 3, height: 16, width: 16);

        await RunAsync("mobilenet_v2_relu", "--output", _folder.PathOf("y.NPZ"));

        using var archive = NpzFile.Open(_folder.PathOf("y.NPZ"));
        Assert.Equal(Expected(input), archive.Read(Assert.Single(archive.Names)).Data.ToArray());
    }

    private Task<ToolResult> RunFileAsync(string output, params string[] more) =>
        Tool.RunAsync([
            "run",
            _folder.PathOf("two.onnx"),
            "--input",
            _folder.PathOf("x.npy"),
            "--output",
            _folder.PathOf(output),
            .. more,
        ]);

    private static void WriteTwoOutputs(string path)
    {
        var file = new OnnxGraphWriter(17);
        file.Input("x", null, 3, 4, 5);
        file.Node("GlobalAveragePool", "pool/node", ["x"], ["pooled"]);
        file.Node("Relu", "relu/node", ["x"], ["map"]);
        file.Raw(12, new MessageWriter().Add(1, "pooled").ToArray());
        file.Raw(12, new MessageWriter().Add(1, "map").ToArray());
        File.WriteAllBytes(path, file.ToArray());
    }

    [Fact]
    public async Task A_feature_map_of_one_pixel_keeps_its_axes()
    {
        WriteInput(images: 2, channels: 3, height: 32, width: 4);
        var result = await RunAsync("mobilenet_v1_enhance", "--width", "0.25");
        Assert.Equal(ExitCode.Done, result.Code);
        Assert.Equal<int>([2, 256, 1, 1], Npy.Read(_folder.PathOf("y.npy")).Shape);
    }

    [Fact]
    public async Task A_run_of_many_batches_shows_its_progress()
    {
        WriteInput(images: 37, channels: 3, height: 16, width: 16);
        using var error = new StringWriter();
        var time = new ManualTime { Now = 0 };
        var model = new ModelOptions { Model = "mobilenet_v2_relu", RandomSeed = 1 };
        var request = new ArrayRequest(model, _folder.PathOf("x.npy"), _folder.PathOf("y.npy"), DeviceName.Cpu, 1);
        ProgressLine ProgressOf(int images)
        {
            var progress = new ProgressLine(error, images, time, isTerminal: true);
            time.Now = 10 * TimeSpan.TicksPerSecond;
            return progress;
        }

        await Task.Run(() => ArrayRun.Execute(request, ProgressOf, CancellationToken.None));

        Assert.Equal("\r\u001b[K16 of 37, 1.6 per second, 0:14 left\r\u001b[K", error.ToString());
    }

    [Fact]
    public async Task More_images_than_a_batch_holds_are_all_done()
    {
        var input = WriteInput(images: 37, channels: 3, height: 16, width: 16);

        await RunAsync("mobilenet_v2_relu");

        Assert.Equal(Expected(input), Npy.Read(_folder.PathOf("y.npy")).Data.ToArray());
    }

    [Theory]
    [InlineData(1, "16x16x1")]
    [InlineData(3, "16x16x3")]
    public async Task Images_of_another_shape_are_refused(int channels, string actual)
    {
        WriteInput(images: 1, channels, height: 16, width: 16);

        var result = await RunAsync("mobilenet_v2_relu", "--resolution", "32x32");

        Assert.Equal(ExitCode.Failed, result.Code);
        Assert.Contains($"{actual} (HxWxC), but the network reads 32x32x3", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Arrays_of_another_rank_are_refused()
    {
        Npy.Write(_folder.PathOf("x.npy"), new Tensor([3, 16, 16], new float[3 * 16 * 16]));

        var result = await RunAsync("mobilenet_v2_relu");

        Assert.Equal(ExitCode.Failed, result.Code);
        Assert.Contains("axes are [3, 16, 16], expected N,C,H,W", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Channels_that_come_last_are_recognised()
    {
        WriteInput(images: 1, channels: 16, height: 16, width: 3);

        var result = await RunAsync("mobilenet_v2_relu");

        Assert.Equal(ExitCode.Failed, result.Code);
        Assert.Contains("the channels come last, expected N,C,H,W", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("missing/y.npy", "The folder of --output", ExitCode.Failed)]
    [InlineData("x.npy", "is the input too", ExitCode.Usage)]
    public async Task An_output_that_cannot_be_is_refused_before_the_network_runs(string output, string fault, int code)
    {
        WriteInput(images: 1, channels: 3, height: 16, width: 16);

        var result = await Tool.RunAsync([
            "run",
            "mobilenet_v2_relu",
            "--random-weights",
            "1",
            "--input",
            _folder.PathOf("x.npy"),
            "--output",
            _folder.PathOf(output),
        ]);

        Assert.Equal(code, result.Code);
        Assert.Contains(fault, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_output_that_cannot_be_written_is_a_failure()
    {
        WriteInput(images: 1, channels: 3, height: 16, width: 16);
        Directory.CreateDirectory(_folder.PathOf("y.npy"));

        var result = await RunAsync("mobilenet_v2_relu");

        Assert.Equal(ExitCode.Failed, result.Code);
        Assert.StartsWith("error: ", result.Error, StringComparison.Ordinal);
    }

    private Task<ToolResult> RunAsync(string model, params string[] more) =>
        Tool.RunAsync([
            "run",
            model,
            "--random-weights",
            "1",
            "--input",
            _folder.PathOf("x.npy"),
            .. more.Contains("--output") ? more : ["--output", _folder.PathOf("y.npy"), .. more],
        ]);

    private Tensor WriteInput(int images, int channels, int height, int width)
    {
        var values = new float[images * channels * height * width];
        WeightFormula.Fill("input", 1, values, scale: 2, offset: -1);
        var tensor = new Tensor([images, channels, height, width], values);
        Npy.Write(_folder.PathOf("x.npy"), tensor);
        return tensor;
    }

    private static float[] Expected(Tensor input)
    {
        var (images, shape) = (input.Shape[0], new FeatureShape(input.Shape[2], input.Shape[3], input.Shape[1]));
        var options = new ModelOptions
        {
            Model = "mobilenet_v2_relu",
            RandomSeed = 1,
            Resolution = new Extent(shape.Height, shape.Width),
        };
        var pixels = new float[input.Data.Length];
        ChannelLayout.ToChannelsLast(input.Data.Span, shape, pixels);
        using var session = Devices.CreateSession(
            ModelSource.Load(options).Model,
            DeviceName.Cpu,
            new SessionOptions(images)
        );
        var output = new float[images * 10];
        session.Run(pixels, output, images);
        return output;
    }
}
