using System.Text.Json;
using ILGpuMobileNet.Host;
using ILGpuMobileNet.Network;
using ILGpuMobileNet.Network.Execution;

namespace ILGpuMobileNet.Cli.Tests;

/// <summary>The commands that report: summary, models, devices, bench.</summary>
[Trait("Device", "ilgpu")]
public sealed class ReportCommandTests
{
    [Fact]
    public async Task Summary_as_json_has_the_documented_names_and_totals()
    {
        var summary = (await Tool.RunAsync("summary", "mobilenet_v1", "--json")).Json;

        Assert.Equal("model parameters macs input output layers", summary.Names());
        Assert.Equal(4_231_976, summary.GetProperty("parameters").GetInt64());
        Assert.Equal(568_740_352, summary.GetProperty("macs").GetInt64());
        Assert.Equal([224, 224, 3], summary.GetProperty("input").EnumerateArray().Select(axis => axis.GetInt32()));
        var layers = summary.GetProperty("layers").EnumerateArray().ToList();
        Assert.All(layers, layer => Assert.Equal("name kind output parameters macs cost_vs_standard", layer.Names()));
        Assert.Equal(568_740_352, layers.Sum(layer => layer.GetProperty("macs").GetInt64()));
        Assert.Equal(
            13,
            layers.Count(layer => layer.GetProperty("cost_vs_standard").ValueKind == JsonValueKind.Object)
        );
    }

    [Fact]
    public async Task Summary_as_a_table_shows_layers_totals_and_the_comparison()
    {
        var result = await Tool.RunAsync("summary", "mobilenet_v1", "--width", "0.5", "--resolution", "160x128");

        Assert.Equal(ExitCode.Done, result.Code);
        Assert.Contains("mobilenet_v1: 160x128x3 -> 1x1x1000", result.Output, StringComparison.Ordinal);
        Assert.Contains("model.13.3", result.Output, StringComparison.Ordinal);
        Assert.Contains("Of standard", result.Output, StringComparison.Ordinal);
        Assert.Contains("11.3%", result.Output, StringComparison.Ordinal); // 1/512 + 1/9
    }

    [Fact]
    public async Task Models_lists_every_network_with_its_defaults()
    {
        var models = (await Tool.RunAsync("models", "--json")).Json.EnumerateArray().ToList();
        var table = await Tool.RunAsync("models");

        Assert.Equal(12, models.Count);
        Assert.All(models, model => Assert.Equal("name description width resolution classes source", model.Names()));
        Assert.All(
            models,
            model => Assert.Contains(model.GetProperty("name").GetString()!, table.Output, StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Devices_lists_the_available_and_the_refused()
    {
        var devices = (await Tool.RunAsync("devices", "--json")).Json.EnumerateArray().ToList();
        var table = await Tool.RunAsync("devices");

        Assert.All(devices, device => Assert.Equal("name description memory_bytes available refusal", device.Names()));
        Assert.Equal(
            ["cpu", "cuda:0", "opencl:0", "ilgpu-cpu"],
            devices.Select(d => d.GetProperty("name").GetString())
        );
        Assert.Contains("available", table.Output, StringComparison.Ordinal);
        Assert.Contains(
            devices[1].GetProperty("refusal").GetString()!.Split(' ')[^1],
            table.Output,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Summary_lists_what_a_gpu_session_does()
    {
        var plan = (await Tool.RunAsync("summary", "mobilenet_v3_large", "--plan", "--batch", "2", "--json")).Json;
        var table = await Tool.RunAsync("summary", "mobilenet_v3_large", "--plan", "--batch", "2");

        Assert.Equal("model batch launches bytes memory steps", plan.Names());
        Assert.Equal(2, plan.GetProperty("batch").GetInt32());
        var steps = plan.GetProperty("steps").EnumerateArray().ToList();
        Assert.All(steps, step => Assert.Equal("name operation output launches bytes", step.Names()));
        Assert.Equal(
            plan.GetProperty("launches").GetInt32(),
            steps.Sum(step => step.GetProperty("launches").GetInt32())
        );
        Assert.Contains("DepthwiseConv + sums", table.Output, StringComparison.Ordinal);
        Assert.Contains("PointwiseConv + gate + residual", table.Output, StringComparison.Ordinal);
        Assert.Contains($"{plan.GetProperty("launches")} launches", table.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cpu", 2)]
    [InlineData("cuda:3", null)] // which is not here
    [InlineData("ilgpu-cpu", null)]
    public async Task Summary_tells_the_memory_of_a_session(string device, int? threads)
    {
        string[] line =
        [
            .. (string[])["summary", "mobilenet_v2_relu", "--memory", "--batch", "3", "--device", device],
            .. (string[])["--threads", "2"],
        ];
        var report = (await Tool.RunAsync([.. line, "--json"])).Json;
        var table = await Tool.RunAsync(line);

        Assert.Equal("model device batch threads memory", report.Names());
        Assert.Equal(device, report.GetProperty("device").GetString());
        Assert.Equal(threads, report.GetProperty("threads").Deserialize<int?>());
        var memory = report.GetProperty("memory");
        Assert.Equal("weights arena scratch staging total", memory.Names());
        var expected = Devices.MemoryFor(Small(), DeviceName.Parse(device), new(3, 2));
        Assert.Equal(expected.Arena, memory.GetProperty("arena").GetInt64());
        Assert.Equal(expected.Total, memory.GetProperty("total").GetInt64());
        Assert.Contains($"{expected.Weights:N0}", table.Output, StringComparison.Ordinal);
        Assert.Contains(
            $"batch 3: {expected.Total + expected.Staging:N0} bytes",
            table.Output,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(null)]
    [InlineData("0")]
    public async Task Summary_takes_every_core_and_the_best_device_unless_told_otherwise(string? threads)
    {
        string[] line = ["summary", "mobilenet_v2_relu", "--memory", "--json"];
        var report = (await Tool.RunAsync(threads is null ? line : [.. line, "--threads", threads])).Json;

        using var session = Devices.CreateSession(Small(), DeviceName.Auto, new());
        Assert.Equal(session.Device, report.GetProperty("device").GetString());
        int? expected = session is CpuSession ? Environment.ProcessorCount : null;
        Assert.Equal(expected, report.GetProperty("threads").Deserialize<int?>());
    }

    [Fact]
    public async Task Tune_measures_and_remembers()
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory().FullName, "tuning.json");
        string[] network = ["mobilenet_v2_relu", "--device", "ilgpu-cpu", "--width", "0.25", "--resolution", "16"];
        var tuned = (await Tool.RunAsync(["tune", .. network, "--output", file, "--json"])).Json;

        Assert.All(tuned.EnumerateArray(), shape => Assert.Equal("operation shape rule fastest gain", shape.Names()));
        Assert.True(File.Exists(file));
    }

    [Fact]
    public async Task Tune_has_nothing_to_do_on_the_cpu()
    {
        var result = await Tool.RunAsync("tune", "mobilenet_v2_relu", "--device", "cpu");

        Assert.Equal(ExitCode.Usage, result.Code);
        Assert.Contains("nothing to tune", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bench_tells_no_threads_of_an_accelerator()
    {
        string[] network =
        [
            "bench",
            "mobilenet_v2_relu",
            "--device",
            "ilgpu-cpu",
            "--width",
            "0.25",
            "--resolution",
            "16",
            "--seconds",
            "0.01",
        ];
        var text = await Tool.RunAsync(network);
        var json = (await Tool.RunAsync([.. network, "--json"])).Json;

        Assert.StartsWith("mobilenet_v2_relu on ilgpu-cpu, batch 1: ", text.Output, StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, json.GetProperty("threads").ValueKind);
        Assert.True(json.GetProperty("launches").GetInt32() > 0);
    }

    [Fact]
    public async Task Bench_prints_one_json_object_a_line()
    {
        var result = await Tool.RunAsync([
            "bench",
            "mobilenet_v2_relu",
            "--batch",
            "1,3",
            "--threads",
            "1",
            "--seconds",
            "0.01",
            "--json",
        ]);

        var lines = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var measurements = lines.Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal([1, 3], measurements.Select(m => m.GetProperty("batch").GetInt32()));
        Assert.All(measurements, AssertMeasurement);
        Assert.Contains("measuring", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bench_reads_well_without_json()
    {
        var result = await Tool.RunAsync("bench", "mobilenet_v2_relu", "--seconds", "0.01");

        Assert.Equal(ExitCode.Done, result.Code);
        Assert.Matches(@"mobilenet_v2_relu on cpu, threads \d+, batch 1: median [\d.]+ ms", result.Output);
    }

    private static Model Small() =>
        ModelSource.Load(new ModelOptions { Model = "mobilenet_v2_relu", RandomSeed = 1 }).Model;

    private static void AssertMeasurement(JsonElement measurement)
    {
        const string names =
            "model device dtype batch threads launches median_ms min_ms images_per_second working_set_bytes plan_bytes";
        Assert.Equal(names, measurement.Names());
        Assert.Equal("float32", measurement.GetProperty("dtype").GetString());
        Assert.Equal(1, measurement.GetProperty("threads").GetInt32());
        Assert.Equal(JsonValueKind.Null, measurement.GetProperty("launches").ValueKind);
        var (median, minimum) = (
            measurement.GetProperty("median_ms").GetDouble(),
            measurement.GetProperty("min_ms").GetDouble()
        );
        Assert.InRange(minimum, double.Epsilon, median);
        Assert.Equal(
            measurement.GetProperty("batch").GetInt32() * 1000 / median,
            measurement.GetProperty("images_per_second").GetDouble(),
            6
        );
        Assert.True(measurement.GetProperty("plan_bytes").GetInt64() > 0);
        Assert.True(measurement.GetProperty("working_set_bytes").GetInt64() > 0);
    }
}
