namespace ILGpuMobileNet.Cli.Tests;

public sealed class UsageTests
{
    [Theory]
    [InlineData("")]
    [InlineData("clasify x.png")]
    [InlineData("classify")]
    [InlineData("classify x.png --shard 0/2")]
    [InlineData("classify x.png --resume")]
    [InlineData("classify x.png --output x.xlsx")]
    [InlineData("classify x.png --output x.csv --shard 2/2")]
    [InlineData("classify x.png --output x.csv --model mobilenet_v1_enhance --random-weights 1")]
    [InlineData("classify --list")]
    [InlineData("classify x.png --top 0")]
    [InlineData("classify x.png --top many")]
    [InlineData("classify x.png --batch 99999")]
    [InlineData("classify x.png --threads -1")]
    [InlineData("classify x.png --device gpu")]
    [InlineData("classify x.png --width 0")]
    [InlineData("classify x.png --width NaN")]
    [InlineData("classify x.png --resolution 1x2x3")]
    [InlineData("classify x.png --resolution 224x")]
    [InlineData("classify x.png --random-weights -1")]
    [InlineData("classify x.png --nonsense")]
    [InlineData("classify x.png --model mobilnet_v2 --random-weights 1")]
    [InlineData("classify x.png --model mobilenet_v2")]
    [InlineData("classify x.png --model mobilenet_v2 --random-weights 1 --reduced-tail")]
    [InlineData("classify x.png --classes 3")]
    [InlineData("classify x.png --model mobilenet_v1_enhance --random-weights 1")]
    [InlineData("summary")]
    [InlineData("summary mobilenet_v9")]
    [InlineData("summary mobilenet_v2 --resolution 0x9")]
    [InlineData("summary mobilenet_v2 --weights x.safetensors")]
    [InlineData("summary mobilenet_v2 --memory --plan")]
    [InlineData("summary mobilenet_v2 --memory --device gpu")]
    [InlineData("summary mobilenet_v2 --memory --batch 0")]
    [InlineData("run mobilenet_v2 --input x.npy")]
    [InlineData("classify x.png --model mobilenet_v2_relu --random-weights 1 --std 0")]
    [InlineData("classify x.png --model mobilenet_v2_relu --random-weights 1 --resize 31")]
    [InlineData("features x.png --output x.npy --model mobilenet_v2_relu --random-weights 1 --resize 31")]
    [InlineData("classify x.png --output x.csv --model mobilenet_v2_relu --random-weights 1 --resize 31")]
    [InlineData("bench mobilenet_v2 --batch 1,,2")]
    [InlineData("bench mobilenet_v2 --batch 0")]
    [InlineData("bench mobilenet_v2 --seconds 0")]
    [InlineData("bench mobilenet_v2 --seconds 1e9")]
    [InlineData("models extra")]
    [InlineData("profile")]
    [InlineData("profile mobilenet_v2 --rounds 0")]
    [InlineData("profile mobilenet_v2 --rounds many")]
    [InlineData("profile mobilenet_v2 --batch 0")]
    [InlineData("profile mobilenet_v2 --threads -1")]
    [InlineData("load")]
    [InlineData("load mobilenet_v2 --scenario interactive")]
    [InlineData("load mobilenet_v2 --scenario offline --callers 4")]
    [InlineData("load mobilenet_v2 --rate 100")]
    [InlineData("load mobilenet_v2 --scenario server --rate 0")]
    [InlineData("load mobilenet_v2 --callers 4 --bound 15")]
    [InlineData("load mobilenet_v2 --seconds 2 --max-seconds 1")]
    [InlineData("load mobilenet_v2 --delay -1")]
    [InlineData("load mobilenet_v2 --batch 4 --prefer 8")]
    [InlineData("load mobilenet_v2 --device cpu --device gpu")]
    public async Task Bad_arguments_exit_with_2_and_say_why_on_stderr_only(string line)
    {
        var result = await Tool.RunAsync(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal(ExitCode.Usage, result.Code);
        Assert.StartsWith("error: ", result.Error, StringComparison.Ordinal);
        Assert.Empty(result.Output);
        AssertNoTrace(result);
    }

    [Theory]
    [InlineData("classify x.png --model nothing-here.onnx")]
    [InlineData("classify x.png --model nothing-here.pth --epsilon 0.001")]
    [InlineData("classify x.png --model nothing-here.pth --ecosystem timm")]
    [InlineData("classify x.png --model nothing-here.pth --new-head 1 --classes 3")]
    [InlineData("summary nothing-here.pth --width 0.5")]
    [InlineData("classify x.png --output nothing-here/x.csv")]
    [InlineData("classify --list nothing-here.txt --model mobilenet_v2_relu --random-weights 1")]
    [InlineData("classify x.png --model mobilenet_v2 --weights nothing-here.safetensors")]
    [InlineData("classify x.png --model mobilenet_v2_relu --random-weights 1 --labels nothing-here.txt")]
    [InlineData("classify x.png --model mobilenet_v2_relu --random-weights 1 --device cuda")]
    [InlineData("classify x.png --model mobilenet_v2_relu --random-weights 1")]
    [InlineData("summary nothing-here.onnx")]
    [InlineData("run mobilenet_v2 --random-weights 1 --input nothing-here.npy --output y.npy")]
    [InlineData("bench mobilenet_v2_relu --device opencl:3")]
    [InlineData("profile mobilenet_v2_relu --device cuda:9")]
    [InlineData("load mobilenet_v2_relu --device cpu --device cuda:9")]
    [InlineData("load mobilenet_v2_relu --images nothing-here.png")]
    public async Task What_is_not_there_exits_with_1_and_one_line(string line)
    {
        var result = await Tool.RunAsync(line.Split(' '));

        Assert.Equal(ExitCode.Failed, result.Code);
        Assert.Contains("error: ", result.Error, StringComparison.Ordinal);
        Assert.Empty(result.Output);
        AssertNoTrace(result);
    }

    [Fact]
    public async Task A_refused_device_names_every_candidate()
    {
        var result = await Tool.RunAsync("bench", "mobilenet_v2_relu", "--device", "cuda:1");

        Assert.Contains("'cuda:1' is not available", result.Error, StringComparison.Ordinal);
        Assert.Contains("cpu (available)", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_usage_error_points_to_the_commands_help()
    {
        var result = await Tool.RunAsync("bench", "mobilenet_v2", "--seconds", "soon");

        Assert.Contains("--seconds: 'soon' is no positive number.", result.Error, StringComparison.Ordinal);
        Assert.Contains("'mobilenet bench --help'", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("classify")]
    [InlineData("run")]
    [InlineData("summary")]
    [InlineData("models")]
    [InlineData("devices")]
    [InlineData("bench")]
    [InlineData("profile")]
    [InlineData("load")]
    public async Task Help_teaches_with_examples(string command)
    {
        var result = await Tool.RunAsync(command, "--help");

        Assert.Equal(ExitCode.Done, result.Code);
        Assert.Contains("Examples:", result.Output, StringComparison.Ordinal);
        Assert.Contains($"  mobilenet {command}", result.Output, StringComparison.Ordinal);
        Assert.Empty(result.Error);
    }

    [Fact]
    public async Task Help_of_the_tool_lists_its_commands()
    {
        var result = await Tool.RunAsync("--help");

        Assert.Equal(ExitCode.Done, result.Code);
        Assert.All(
            ["classify", "run", "summary", "models", "devices", "bench", "profile", "load"],
            command => Assert.Contains($"  {command} ", result.Output, StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Cancelling_exits_with_130()
    {
        var result = await Tool.RunAsync(new CancellationToken(canceled: true), "bench", "mobilenet_v2_relu");

        Assert.Equal(ExitCode.Cancelled, result.Code);
        Assert.Contains("cancelled", result.Error, StringComparison.Ordinal);
    }

    private static void AssertNoTrace(ToolResult result)
    {
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("(Parameter", result.Error, StringComparison.Ordinal);
    }
}
