using System.CommandLine;
using ILGpuMobileNet.Cli.Options;
using ILGpuMobileNet.Cli.Reports;
using ILGpuMobileNet.Host.Bulk;
using ILGpuMobileNet.Host.Serving;

namespace ILGpuMobileNet.Cli;

/// <summary>Classifies any number of images into a file, and tells how far it is.</summary>
/// <param name="host">Classifies them.</param>
/// <param name="request">What the user wants.</param>
/// <param name="streams">Where reports and messages go.</param>
internal sealed class BulkClassification(MobileNetHost host, BulkRequest request, InvocationConfiguration streams)
{
    private long _newCount;
    private long _newFailedCount;

    /// <summary>Whether the report is JSON.</summary>
    public required bool IsJson { get; init; }

    /// <summary>Whether the images can be gone through a second time, to know how many there are.</summary>
    public required bool IsCountable { get; init; }

    /// <summary>Does it.</summary>
    /// <param name="images">Gives the images; called again to count them.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>A value of <see cref="ExitCode"/>.</returns>
    /// <exception cref="FileNotFoundException">There are no images.</exception>
    public async Task<int> RunAsync(
        Func<CancellationToken, IAsyncEnumerable<string>> images,
        CancellationToken cancellationToken
    )
    {
        using var job = await OpenAsync(cancellationToken);
        using var counting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var total = IsCountable ? Task.Run(() => CountAsync(images(counting.Token)), counting.Token) : null;
        try
        {
            await RunAsync(job, images(cancellationToken), total, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            await streams.Error.WriteLineAsync(
                $"{request.Output} holds {Count(job)} results; the same command with --resume goes on."
            );
            throw;
        }
        finally
        {
            await counting.CancelAsync();
            await (total is null ? Task.CompletedTask : Task.WhenAny(total));
        }
        return Report(job);
    }

    private async Task<BulkJob> OpenAsync(CancellationToken cancellationToken)
    {
        var options = new BulkOptions
        {
            Output = request.Output,
            Shard = request.Shard,
            Resume = request.Resume,
            TopCount = host.TopCount,
            Provenance = host.Provenance,
        };
        var job = await BulkJob.OpenAsync(options, cancellationToken);
        if (job.CutByteCount > 0)
        {
            await streams.Error.WriteLineAsync(
                $"note: {job.CutByteCount} bytes after the last whole result of {request.Output} were cut off."
            );
        }
        if (job.PresentCount > 0)
        {
            await streams.Error.WriteLineAsync($"resuming {request.Output}, which holds {job.PresentCount} results");
        }
        return job;
    }

    private async Task RunAsync(
        BulkJob job,
        IAsyncEnumerable<string> images,
        Task<long>? total,
        CancellationToken cancellationToken
    )
    {
        using var progress = new ProgressLine(streams.Error, total: null, resultsStream: false);
        await foreach (var result in job.RunAsync(images, host.ClassifyManyAsync, cancellationToken))
        {
            _newCount++;
            _newFailedCount += result.Error is null ? 0 : 1;
            progress.Total ??= total is { IsCompletedSuccessfully: true } ? await total : null;
            progress.Skipped = job.SkippedCount;
            progress.Failed = _newFailedCount;
            progress.Advance();
        }
        if (job.SeenCount == 0)
        {
            throw PictureArguments.NoImage();
        }
    }

    private async Task<long> CountAsync(IAsyncEnumerable<string> images)
    {
        var count = 0L;
        await foreach (var image in images)
        {
            count += request.Shard.Contains(image) ? 1 : 0;
        }
        return count;
    }

    private int Report(BulkJob job)
    {
        var (images, failed) = (Count(job), job.PresentFailedCount + _newFailedCount);
        if (IsJson)
        {
            JsonOutput.Write(
                streams.Output,
                new(
                    host.Model,
                    string.Join(", ", host.Devices),
                    request.Output,
                    $"{request.Shard}",
                    images,
                    failed,
                    job.PresentCount
                ),
                JsonOutput.Indented.BulkReport
            );
        }
        else
        {
            streams.Output.WriteLine(
                $"{request.Output}: {images} images, {failed} failed, {job.PresentCount} were there before"
            );
        }
        return failed > 0 ? ExitCode.Failed : ExitCode.Done;
    }

    private long Count(BulkJob job) => job.PresentCount + _newCount;
}
