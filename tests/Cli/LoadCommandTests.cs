using System.Text.Json;
using System.Text.RegularExpressions;
using ILGpuMobileNet.Reference;

namespace ILGpuMobileNet.Cli.Tests;

public sealed class LoadCommandTests : IDisposable
{
    private static readonly string[] s_network =
    [
        "load",
        "mobilenet_v2_relu",
        "--device",
        "cpu",
        "--threads",
        "1",
        "--seconds",
        "0.05",
        "--warm-up",
        "0.01",
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Single_stream_is_what_it_does_unless_told_otherwise()
    {
        var result = await Tool.RunAsync(s_network);

        Assert.Equal(ExitCode.Done, result.Code);
        Assert.Matches(@"latency( +[\d.]+){9}", result.Output);
        Assert.Matches(
            @"mobilenet_v2_relu on cpu, single-stream: 90th percentile [\d.]+ ms \(at most [\d.]+ ms with a confid",
            result.Output
        );
        Assert.Matches(@"\d+ queries in [\d.]+ s, [\d.]+ images/s answered \([\d.]+ without the time", result.Output);
        Assert.Matches(@"batches of 1\.0 on average: \d+ of 1", result.Output);
        Assert.EndsWith("VALID", result.Output.TrimEnd(), StringComparison.Ordinal);
        Assert.Equal("mobilenet_v2_relu on cpu, single-stream: measuring for at least 0.05 s", result.Error.Trim());
    }

    [Theory]
    [InlineData("--scenario multi-stream --samples-per-query 2", "99th percentile .* for 2 images at once")]
    [InlineData("--scenario offline", @"offline: [\d.]+ images/s")]
    [InlineData("--callers 3 --batch 2 --prefer 1,2 --delay 0.5 --queue 8 --decoders 1", "3 callers, ")]
    public async Task Every_scenario_tells_its_number(string options, string expected)
    {
        var result = await Tool.RunAsync([.. s_network, .. options.Split(' ')]);

        Assert.Matches(expected, result.Output);
        // On a busy machine so short an offline run may be too short still.
        var isValid = !result.Output.Contains("INVALID", StringComparison.Ordinal);
        Assert.Equal(isValid ? ExitCode.Done : ExitCode.Failed, result.Code);
    }

    [Fact]
    public async Task Server_that_keeps_its_bound_is_valid_and_else_not()
    {
        string[] server = [.. s_network, "--scenario", "server", "--rate", "20000"];
        var valid = await Tool.RunAsync([.. server, "--bound", "60000"]);
        var invalid = await Tool.RunAsync([.. server, "--max-seconds", "0.1", "--bound", "0.001", "--seed", "4"]);

        Assert.Equal((ExitCode.Done, ExitCode.Failed), (valid.Code, invalid.Code));
        Assert.Contains("asked late", valid.Output, StringComparison.Ordinal);
        Assert.Matches(@"20000\.0 images/s arriving, 99th percentile [\d.]+ ms of 60000 ms", valid.Output);
        Assert.Matches("INVALID: .*(beyond the bound|ever more images waited)", invalid.Output);
        Assert.Contains("The generator did not keep its schedule", invalid.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Too_few_queries_are_told()
    {
        var result = await Tool.RunAsync([.. s_network, "--queries", "67108864", "--max-seconds", "0.06"]);

        Assert.Equal(ExitCode.Failed, result.Code);
        Assert.Contains("INVALID: it had too few queries", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_has_the_documented_names()
    {
        var result = (await Tool.RunAsync([.. s_network, "--scenario", "server", "--rate", "1000", "--json"])).Json;

        Assert.Equal(
            "scenario model devices query_count samples_per_query failed_count first_fault seconds samples_per_second "
                + "latency_milliseconds batches verdict caller_count rate bound_milliseconds lateness_milliseconds "
                + "fell_behind confident_milliseconds samples_per_second_without_overhead mean_batch",
            result.Names()
        );
        Assert.Equal("server", result.GetProperty("scenario").GetString());
        foreach (var times in new[] { "latency_milliseconds", "lateness_milliseconds" })
        {
            Assert.Equal("min mean p50 p90 p95 p97 p99 p999 max", result.GetProperty(times).Names());
        }
        Assert.Equal(
            "is_long_enough has_enough_queries keeps_bound is_confident all_answered is_valid",
            result.GetProperty("verdict").Names()
        );
        // On a machine that stalls, every batch may have begun before what is measured.
        Assert.All(result.GetProperty("batches").EnumerateArray(), batch => Assert.Equal("size count", batch.Names()));
    }

    [Fact]
    public async Task Without_a_rate_the_highest_is_searched_for()
    {
        string[] search = [.. s_network, "--scenario", "server"];
        var text = await Tool.RunAsync([.. search, "--bound", "60000"]);
        var json = await Tool.RunAsync([.. search, "--bound", "0.001", "--max-seconds", "0.1", "--json"]);

        // So short a run is invalid where the machine stalls in it: none may pass, and then that is what is said.
        var trials = Regex.Matches(text.Error, @"([\d.]+) images/s: 99th percentile [\d.]+ ms, (VALID|INVALID)");
        var (rate, isValid) = (trials[^1].Groups[1].Value, trials[^1].Groups[2].Value == "VALID");
        Assert.InRange(trials.Count, 6, 11);
        Assert.Equal(isValid ? ExitCode.Done : ExitCode.Failed, text.Code);
        Assert.Matches(
            $@"Highest rate that passes: {(isValid ? $"{rate} images/s" : "none")}, of [\d.]+ .*; {trials.Count} runs",
            text.Output
        );
        Assert.Equal(ExitCode.Failed, json.Code);
        Assert.Equal("capacity best trials", json.Json.Names());
        Assert.Equal(JsonValueKind.Null, json.Json.GetProperty("best").ValueKind);
        Assert.Equal(6, json.Json.GetProperty("trials").GetArrayLength());
    }

    [Theory]
    [InlineData("server", "--callers", "callers")]
    [InlineData("offline", "--rate", "server")]
    [InlineData("multi-stream", "--bound", "server")]
    [InlineData("single-stream", "--samples-per-query", "multi-stream")]
    public async Task Options_of_another_scenario_are_refused(string chosen, string option, string scenario)
    {
        var result = await Tool.RunAsync([.. s_network, "--scenario", chosen, option, "3"]);

        Assert.Equal(ExitCode.Usage, result.Code);
        Assert.Contains(
            $"{option} is for the scenario {scenario}, not for {chosen}.",
            result.Error,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Pictures_are_asked_about()
    {
        _folder.WriteImage("1.ppm", 1);
        _folder.WriteImage("2.ppm", 2);

        var good = await Tool.RunAsync([.. s_network, "--images", _folder.Folder, "--samples", "1"]);
        _folder.Write("0.png", "no picture");
        var bad = await Tool.RunAsync([.. s_network, "--images", _folder.Folder]);
        Directory.CreateDirectory(_folder.PathOf("empty"));
        var none = await Tool.RunAsync([.. s_network, "--images", _folder.PathOf("empty")]);

        Assert.Equal((ExitCode.Done, ExitCode.Failed, ExitCode.Failed), (good.Code, bad.Code, none.Code));
        Assert.Contains("0.png", bad.Error, StringComparison.Ordinal);
        Assert.Contains("--images", none.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_full_queue_rejects_and_what_is_late_is_told()
    {
        var rejected = await Tool.RunAsync([.. s_network, "--callers", "9", "--queue", "1", "--full", "reject"]);
        var late = await Tool.RunAsync([.. s_network, "--time-limit", "0.001"]);
        var search = await Tool.RunAsync([.. s_network, "--scenario", "server", "--time-limit", "0.001"]);
        var waited = await Tool.RunAsync([.. s_network, "--callers", "9", "--queue", "1", "--full", "wait"]);

        Assert.Equal(
            [ExitCode.Failed, ExitCode.Failed, ExitCode.Failed, ExitCode.Done],
            new[] { rejected, late, search, waited }.Select(result => result.Code)
        );
        Assert.Matches("INVALID: .* queries failed, the first with: 1 calls are under way", rejected.Output);
        Assert.Matches("INVALID: .* queries failed, the first with: The call was not answered within", late.Output);
        Assert.Matches(@"Highest rate that passes: none, of [1-9][\d.]* images/s", search.Output);
    }

    [Fact]
    public async Task A_host_that_needs_more_than_its_memory_does_not_start()
    {
        var over = await Tool.RunAsync([.. s_network, "--memory-budget", "0.5"]);
        var within = await Tool.RunAsync([.. s_network, "--memory-budget", "500"]);

        Assert.Equal((ExitCode.Failed, ExitCode.Done), (over.Code, within.Code));
        Assert.Contains("the budget is 0.5 MiB", over.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--full", "maybe")]
    [InlineData("--time-limit", "0")]
    [InlineData("--time-limit", "1e9")]
    [InlineData("--memory-budget", "0")]
    public async Task Limits_that_make_no_sense_are_refused(string option, string value)
    {
        var result = await Tool.RunAsync([.. s_network, option, value]);

        Assert.Equal(ExitCode.Usage, result.Code);
        Assert.Contains(option, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_devices_share_the_work()
    {
        var result = await Tool.RunAsync([.. s_network, "--device", "cpu", "--callers", "4", "--json"]);

        Assert.Equal(2, result.Json.GetProperty("devices").GetArrayLength());
    }
}
