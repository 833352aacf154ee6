using ILGpuMobileNet.Host;
using ILGpuMobileNet.Network.Weights;
using ILGpuMobileNet.Reference;

namespace ILGpuMobileNet.Cli.Tests;

public sealed class ClassifyCommandTests : IDisposable
{
    private static readonly string[] Small = ["--model", "mobilenet_v2_relu", "--random-weights", "1"];
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Prints_one_line_with_labels_and_scores_for_each_image()
    {
        var image = _folder.WriteImage("a.ppm", 1);

        var result = await Tool.RunAsync(["classify", image, "--top", "2", .. Small]);

        Assert.Equal(ExitCode.Done, result.Code);
        Assert.Matches($@"^{image}: class \d \d+\.\d\d%, class \d \d+\.\d\d%\n$", result.Output);
        Assert.Equal("mobilenet_v2_relu on cpu, pictures prepared as for keras\n", result.Error);
    }

    [Fact]
    public async Task Pictures_are_prepared_as_asked_for()
    {
        var image = _folder.WriteImage("a.ppm", 1);

        var known = await Tool.RunAsync(["classify", image, .. Small]);
        var asked = await Tool.RunAsync(["classify", image, "--preprocessing", "imagenet", .. Small]);
        var unknown = await Tool.RunAsync(["classify", image, "--preprocessing", "nothing", .. Small]);

        Assert.NotEqual(known.Output, asked.Output);
        Assert.EndsWith("prepared as for imagenet\n", asked.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Usage, unknown.Code);
        Assert.Contains(
            "'nothing' is none of imagenet, keras, text-direction",
            unknown.Error,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task One_bad_picture_in_a_folder_is_named_and_the_others_are_done()
    {
        _folder.WriteImage("a.ppm", 1);
        _folder.Write("b.png", "no picture");
        _folder.WriteImage("c.ppm", 2);

        var result = await Tool.RunAsync(["classify", _folder.Folder, .. Small]);

        Assert.Equal(ExitCode.Failed, result.Code);
        Assert.Equal(2, result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains("a.ppm: class", result.Output, StringComparison.Ordinal);
        Assert.Contains("c.ppm: class", result.Output, StringComparison.Ordinal);
        Assert.Matches(@"\nerror: .*b\.png: This is no image.*\n$", result.Error);
    }

    [Fact]
    public async Task Json_is_one_document_with_every_image()
    {
        var good = _folder.WriteImage("a.ppm", 1);
        var bad = _folder.Write("b.png", "no picture");

        var result = await Tool.RunAsync(["classify", good, bad, "--json", "--top", "3", "--batch", "1", .. Small]);

        Assert.Equal(ExitCode.Failed, result.Code);
        Assert.Equal("model device images", result.Json.Names());
        Assert.Equal("cpu", result.Json.GetProperty("device").GetString());
        var images = result.Json.GetProperty("images").EnumerateArray().ToList();
        Assert.Equal([good, bad], images.Select(image => image.GetProperty("file").GetString()));
        Assert.All(images, image => Assert.Equal("file predictions error", image.Names()));
        Assert.Equal(3, images[0].GetProperty("predictions").GetArrayLength());
        Assert.Equal("label index score", images[0].GetProperty("predictions")[0].Names());
        Assert.Null(images[0].GetProperty("error").GetString());
        Assert.StartsWith("This is no image", images[1].GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Recursion_has_to_be_asked_for()
    {
        _folder.WriteImage("a.ppm", 1);
        _folder.WriteImage("inner/b.ppm", 2);

        var flat = await Tool.RunAsync(["classify", _folder.Folder, .. Small]);
        var deep = await Tool.RunAsync(["classify", _folder.Folder, "--recursive", .. Small]);

        Assert.Single(flat.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(2, deep.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public async Task A_folder_without_images_is_a_failure()
    {
        var result = await Tool.RunAsync(["classify", _folder.Folder, .. Small]);

        Assert.Equal(ExitCode.Failed, result.Code);
        Assert.Contains("There is no image", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Takes_weights_and_labels_from_files()
    {
        var model = ModelSource.Load(
            new ModelOptions
            {
                Model = "mobilenet_v2_relu",
                RandomSeed = 7,
                Classes = 2,
            }
        );
        Safetensors.Write(_folder.PathOf("w.safetensors"), model.Model.Weights);
        var image = _folder.WriteImage("a.ppm", 1);
        string[] arguments =
        [
            "classify",
            image,
            "--model",
            "mobilenet_v2_relu",
            "--classes",
            "2",
            "--weights",
            _folder.PathOf("w.safetensors"),
            "--labels",
            _folder.Write("labels.txt", "left\nright"),
        ];

        var result = await Tool.RunAsync(arguments);

        Assert.Equal(ExitCode.Done, result.Code);
        Assert.Matches("left .*%|right .*%", result.Output);
    }

    [Fact]
    public async Task Labels_that_do_not_fit_are_a_failure()
    {
        var labels = _folder.Write("labels.txt", "a\nb\nc");

        var result = await Tool.RunAsync(["classify", _folder.WriteImage("a.ppm", 1), "--labels", labels, .. Small]);

        Assert.Equal(ExitCode.Failed, result.Code);
        Assert.Contains("3 labels, but the network has 10 classes", result.Error, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Judges_a_real_sample_with_the_trained_default()
    {
        Skip.IfNot(
            File.Exists(Repository.PathOf("models", "ppocr-text-direction.onnx")),
            "Run eng/fetch-model text-direction."
        );

        var result = await Tool.RunAsync("classify", Repository.PathOf("samples", "invoice_serif_180.png"));

        Assert.Equal(ExitCode.Done, result.Code);
        Assert.Matches(@"invoice_serif_180\.png: 180 \d+\.\d\d%, 0 \d+\.\d\d%\n$", result.Output);
    }
}
