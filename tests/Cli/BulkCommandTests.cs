using System.Text.Json;
using ILGpuMobileNet.Reference;

namespace ILGpuMobileNet.Cli.Tests;

public sealed class BulkCommandTests : IDisposable
{
    private static readonly string[] Small = ["--model", "mobilenet_v2_relu", "--random-weights", "1"];
    private readonly TemporaryFolder _folder = new();

    public BulkCommandTests()
    {
        for (var i = 0; i < 10; i++)
        {
            _folder.WriteImage($"images/{i}.ppm", i, 8, 8);
        }
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Results_go_into_the_file_and_are_those_of_the_command_without_it()
    {
        var plain = await Tool.RunAsync(["classify", Images, "--json", "--top", "2", .. Small]);

        var bulk = await Tool.RunAsync(["classify", Images, "--output", Output, "--top", "2", .. Small]);

        Assert.Equal(
            (ExitCode.Done, $"{Output}: 10 images, 0 failed, 0 were there before\n"),
            (bulk.Code, bulk.Output)
        );
        var expected = plain.Json.GetProperty("images").EnumerateArray().Select(image => image.ToString());
        Assert.Equal(
            expected.Select(text => text.ReplaceLineEndings("").Replace(" ", "", StringComparison.Ordinal)),
            File.ReadAllLines(Output).Select(line => line.Replace(" ", "", StringComparison.Ordinal))
        );
    }

    [Fact]
    public async Task A_bad_picture_has_its_error_in_the_file_and_the_exit_code_stays_1()
    {
        var bad = _folder.Write("images/bad.png", "no picture");

        var first = await Tool.RunAsync(["classify", Images, "--output", Output, "--json", .. Small]);
        var again = await Tool.RunAsync(["classify", Images, "--output", Output, "--resume", .. Small]);

        Assert.Equal(ExitCode.Failed, first.Code);
        Assert.Equal("model device output shard images failed present", first.Json.Names());
        Assert.Equal(11, first.Json.GetProperty("images").GetInt64());
        Assert.Equal(1, first.Json.GetProperty("failed").GetInt64());
        var line = Assert.Single(File.ReadAllLines(Output), line => line.Contains("bad.png", StringComparison.Ordinal));
        Assert.Equal(bad, JsonDocument.Parse(line).RootElement.GetProperty("file").GetString());
        Assert.Contains("This is no image", line, StringComparison.Ordinal);
        Assert.Equal(
            (ExitCode.Failed, $"{Output}: 11 images, 1 failed, 11 were there before\n"),
            (again.Code, again.Output)
        );
        Assert.Contains($"resuming {Output}, which holds 11 results\n", again.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_devices_share_the_work_and_say_the_same()
    {
        var other = _folder.PathOf("other.jsonl");
        string[] twice = ["--device", "cpu", "--device", "cpu", "--threads", "1", "--batch", "2"];

        await Tool.RunAsync(["classify", Images, "--output", Output, "--device", "cpu", .. Small]);
        var several = await Tool.RunAsync(["classify", Images, "--output", other, "--json", .. twice, .. Small]);

        Assert.Equal(ExitCode.Done, several.Code);
        Assert.Equal("cpu, cpu", several.Json.GetProperty("device").GetString());
        Assert.Equal(File.ReadAllLines(Output), File.ReadAllLines(other));
    }

    [Fact]
    public async Task Several_devices_need_an_output()
    {
        string[] twice = ["--device", "cpu", "--device", "auto"];

        var classify = await Tool.RunAsync(["classify", Images, .. twice, .. Small]);
        var features = await Tool.RunAsync(["features", Images, "--output", "x.npy", .. twice, .. Small]);

        Assert.Equal((ExitCode.Usage, ExitCode.Usage), (classify.Code, features.Code));
        Assert.Contains("More than one --device needs --output", classify.Error, StringComparison.Ordinal);
        Assert.Contains("--device", features.Error, StringComparison.Ordinal);
    }

    // Going through it a second time, to count the images, would take some of them from the job.
    [SkippableFact]
    public async Task A_list_from_a_pipe_is_read_once()
    {
        Skip.If(OperatingSystem.IsWindows(), "Pipes have names in the file system elsewhere.");
        var pipe = _folder.MakePipe("pipe");
        var link = _folder.PathOf("link");
        File.CreateSymbolicLink(link, pipe);
        var writing = Task.Run(() => File.WriteAllLines(pipe, Directory.GetFiles(Images)));

        var bulk = await Tool.RunAsync(["classify", "--list", link, "--output", Output, .. Small]);

        await writing.WaitAsync(Patience.Limit);
        Assert.Equal(ExitCode.Done, bulk.Code);
        Assert.Equal(10, File.ReadAllLines(Output).Length);
    }

    [Fact]
    public async Task A_torn_end_is_cut_and_said()
    {
        await Tool.RunAsync(["classify", Images, "--output", Output, .. Small]);
        File.AppendAllText(Output, "{\"file\":");

        var again = await Tool.RunAsync(["classify", Images, "--output", Output, "--resume", .. Small]);

        Assert.Equal(ExitCode.Done, again.Code);
        Assert.Contains("note: 8 bytes after the last whole result", again.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Shards_of_a_list_go_into_tables_that_have_every_image_once()
    {
        var list = _folder.PathOf("list.txt");
        File.WriteAllLines(list, Directory.GetFiles(Images));
        var files = new List<string>();
        for (var index = 0; index < 3; index++)
        {
            var part = _folder.PathOf($"{index}.csv");
            string[] arguments = ["classify", "--list", list, "--output", part, "--shard", $"{index}/3", .. Small];
            Assert.Equal(ExitCode.Done, (await Tool.RunAsync(arguments)).Code);
            files.AddRange(File.ReadLines(part).Skip(1).Select(line => line.Split(',')[0]));
        }

        Assert.Equal(Directory.GetFiles(Images).Order(), files.Order());
    }

    [Fact]
    public async Task A_list_serves_without_an_output_too()
    {
        var list = _folder.Write("list.txt", $"{Images}/1.ppm\n{Images}/2.ppm\n");

        var result = await Tool.RunAsync(["classify", $"{Images}/0.ppm", "--list", list, .. Small]);

        Assert.Equal(3, result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public async Task Other_settings_do_not_go_into_the_same_file()
    {
        await Tool.RunAsync(["classify", Images, "--output", Output, .. Small]);

        var other = await Tool.RunAsync([
            "classify",
            Images,
            "--output",
            Output,
            "--resume",
            "--top",
            "3",
            "--mean",
            "0.1",
            .. Small[..^1],
            "2",
        ]);

        Assert.Equal(ExitCode.Usage, other.Code);
        Assert.Contains("mean was '0.5', now it is '0.1'", other.Error, StringComparison.Ordinal);
        Assert.Contains("top was '5', now it is '3'", other.Error, StringComparison.Ordinal);
        Assert.Contains("network was 'sha256:", other.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Results_that_are_there_are_not_touched()
    {
        await Tool.RunAsync(["classify", Images, "--output", Output, .. Small]);
        var before = File.ReadAllText(Output);

        var again = await Tool.RunAsync(["classify", Images, "--output", Output, .. Small]);

        Assert.Equal(ExitCode.Failed, again.Code);
        Assert.Contains("holds results already", again.Error, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllText(Output));
    }

    [Fact]
    public async Task A_folder_without_images_is_a_failure()
    {
        Directory.CreateDirectory(_folder.PathOf("empty"));

        var result = await Tool.RunAsync(["classify", _folder.PathOf("empty"), "--output", Output, .. Small]);

        Assert.Equal(ExitCode.Failed, result.Code);
        Assert.Contains("There is no image", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stopped_it_says_how_to_go_on()
    {
        await Tool.RunAsync(["classify", Images, "--output", Output, .. Small]);
        using var stop = new CancellationTokenSource();
        using var error = new StoppingWriter("resuming", stop);
        using var output = new StringWriter();
        string[] arguments = ["classify", Images, "--output", Output, "--resume", .. Small];

        var code = await Program.RunAsync(arguments, output, error, stop.Token);

        Assert.Equal((ExitCode.Cancelled, ""), (code, output.ToString()));
        Assert.EndsWith(
            $"{Output} holds 10 results; the same command with --resume goes on.\ncancelled\n",
            error.ToString(),
            StringComparison.Ordinal
        );
    }

    private string Images => _folder.PathOf("images");

    private string Output => _folder.PathOf("results.jsonl");

    /// <summary>Stops the command once it has written a text.</summary>
    private sealed class StoppingWriter(string text, CancellationTokenSource stop) : StringWriter
    {
        public override async Task WriteLineAsync(string? value)
        {
            await base.WriteLineAsync(value);
            if (value!.Contains(text, StringComparison.Ordinal))
            {
                await stop.CancelAsync();
            }
        }
    }
}
