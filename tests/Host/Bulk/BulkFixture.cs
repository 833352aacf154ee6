using System.Text.Json;
using ILGpuMobileNet.Host.Bulk;
using ILGpuMobileNet.Reference;

namespace ILGpuMobileNet.Host.Tests.Bulk;

/// <summary>A folder for a job's files, and an engine that is none: what it says of a path is known.</summary>
internal sealed class BulkFixture : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public string PathOf(string name) => _folder.PathOf(name);

    public BulkOptions Options(string name, bool resume = false) =>
        new()
        {
            Output = PathOf(name),
            TopCount = 2,
            Resume = resume,
            Provenance = new Dictionary<string, string> { ["model"] = "a", ["network"] = "sha256:1" },
        };

    /// <summary>Runs a job to its end; gives its new results.</summary>
    public static async Task<List<string>> RunAsync(BulkOptions options, params string[] paths)
    {
        using var job = await BulkJob.OpenAsync(options);
        return await job.RunAsync(paths.ToAsyncEnumerable(), Classify).Select(result => result.File).ToListAsync();
    }

    /// <summary>Whatever has "bad" in its name has an error.</summary>
    public static ClassificationResult ResultOf(string path) =>
        path.Contains("bad", StringComparison.Ordinal)
            ? ClassificationResult.Failed(path, $"'{path}', \"no\" picture.")
            : ClassificationResult.Done(path, [new($"of {path}", path.Length, 0.75), new("other, \"quoted\"", 1, 0.1)]);

    public static async IAsyncEnumerable<ClassificationResult> Classify(
        IAsyncEnumerable<string> paths,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await foreach (var path in paths.WithCancellation(cancellationToken))
        {
            yield return ResultOf(path);
        }
    }

    /// <summary>The images in JSON lines, each with its error.</summary>
    public static List<(string File, string? Error)> ReadLines(string output) =>
        [
            .. File.ReadAllLines(output)
                .Select(line => JsonDocument.Parse(line).RootElement)
                .Select(image => (image.GetProperty("file").GetString()!, image.GetProperty("error").GetString())),
        ];
}
