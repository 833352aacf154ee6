using System.Diagnostics;
using System.Text.Json;
using ILGpuMobileNet.Reference;

namespace ILGpuMobileNet.Cli.Tests;

/// <summary>Bulk jobs as processes of their own, which end as processes do.</summary>
public sealed class KilledJobTests : IDisposable
{
    private const int ImageCount = 2000;
    private const int KillCount = 20;
    private const int MaximalGrowth = 8000; // bytes: some 40 results, so that 20 times as many are not all
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Killed_at_twenty_random_moments_and_resumed_the_output_has_each_image_once()
    {
        var paths = Enumerable.Range(0, ImageCount).Select(i => _folder.WriteImage($"{i}.ppm", 1, 4, 4)).ToList();
        var (list, output) = (_folder.PathOf("list.txt"), _folder.PathOf("results.jsonl"));
        File.WriteAllLines(list, paths);
        string[] arguments = Arguments(list, output);
        var random = new Random(20);
        var start = (await KillAsync(arguments, () => LengthOf(output) > 0))!.Value;
        for (var kill = 1; kill < KillCount; kill++)
        {
            var (watch, moment) = (Stopwatch.StartNew(), start * random.NextDouble());
            var length = LengthOf(output) + random.Next(1, MaximalGrowth);
            var time = await KillAsync(
                arguments,
                () => kill % 2 == 0 ? LengthOf(output) >= length : watch.Elapsed >= moment
            );
            if (time is null) // the machine was slow to look: begin again, a kill is still owed
            {
                CheckEachOnce(paths, output);
                File.Delete(output);
                kill--;
            }
        }

        var last = ToolProcess.Run(arguments);

        Assert.Equal(
            (ExitCode.Done, ""),
            (last.Code, last.Error.Contains("error", StringComparison.Ordinal) ? last.Error : "")
        );
        CheckEachOnce(paths, output);
    }

    [Fact]
    public async Task A_list_comes_through_stdin()
    {
        var (first, last) = (_folder.WriteImage("a.ppm", 1, 4, 4), _folder.WriteImage("b.ppm", 1, 4, 4));
        using var process = ToolProcess.Start(Arguments("-", _folder.PathOf("r.jsonl")));
        await process.StandardInput.WriteAsync($"{first}\n{last}");
        process.StandardInput.Close();

        var output = await process.StandardOutput.ReadToEndAsync();

        Assert.EndsWith("r.jsonl: 2 images, 0 failed, 0 were there before\n", output, StringComparison.Ordinal);
    }

    private static string[] Arguments(string list, string output) =>
        [
            "classify",
            "--list",
            list,
            "--output",
            output,
            "--resume",
            "--batch",
            "2",
            "--threads",
            "1",
            "--model",
            "mobilenet_v2_relu",
            "--width",
            "0.25",
            "--random-weights",
            "1",
            "--resolution",
            "8",
        ];

    private static void CheckEachOnce(List<string> paths, string output)
    {
        var files = File.ReadLines(output).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("file"));
        Assert.Equal(paths.Order(), files.Select(file => file.GetString()!).Order());
    }

    /// <summary>Starts the tool and kills it at a moment of its work; gives the time it had, null where it was done.</summary>
    private static async Task<TimeSpan?> KillAsync(string[] arguments, Func<bool> isMoment)
    {
        using var process = ToolProcess.Start(arguments);
        var watch = Stopwatch.StartNew();
        while (!isMoment())
        {
            if (process.HasExited)
            {
                return null;
            }
            await Task.Delay(1);
        }
        process.Kill();
        await process.WaitForExitAsync();
        return watch.Elapsed;
    }

    private static long LengthOf(string file) => new FileInfo(file) is { Exists: true } there ? there.Length : 0;
}
