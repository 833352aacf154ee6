using System.Collections.Concurrent;
using ILGpuMobileNet.Host.Images;
using ILGpuMobileNet.Kernels;

namespace ILGpuMobileNet.Host;

/// <summary>Turns image files into network inputs, several at once.</summary>
/// <param name="preprocessing">How an image becomes an input.</param>
/// <param name="input">Shape of the network's input.</param>
/// <param name="maximalBatch">Images in the largest batch.</param>
internal sealed class ImageReader(Preprocessing preprocessing, FeatureShape input, int maximalBatch)
{
    // A preprocessor serves one caller at a time and keeps its working memory.
    private readonly ConcurrentBag<Preprocessor> _idle = [];

    /// <summary>Resizes and normalises one image.</summary>
    /// <param name="image">The image.</param>
    /// <param name="pixels">Receives it, axes <c>[H, W, C]</c>.</param>
    public void Prepare(RgbImage image, Span<float> pixels)
    {
        if (!_idle.TryTake(out var preprocessor))
        {
            preprocessor = new(preprocessing, input);
        }
        preprocessor.Run(image, pixels);
        _idle.Add(preprocessor);
    }

    /// <summary>
    /// Reads batch after batch, each while the caller works on the one before. A batch is valid until the next one is
    /// asked for. A file that is no image is noted in its batch.
    /// </summary>
    /// <param name="chunks">The files of each batch.</param>
    /// <param name="cancellationToken">Stops between two files.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public IEnumerable<ImageBatch> ReadAhead(IEnumerable<string[]> chunks, CancellationToken cancellationToken)
    {
        using var coming = chunks.GetEnumerator();
        var (current, next) = (new ImageBatch(input, maximalBatch), new ImageBatch(input, maximalBatch));
        var reading = Start(coming, next, cancellationToken);
        try
        {
            while (reading.GetAwaiter().GetResult())
            {
                (current, next) = (next, current);
                reading = Start(coming, next, cancellationToken);
                yield return current;
            }
        }
        finally
        {
            // A caller that stops early must not leave a reader behind; what that reader met no longer matters.
            Task.WhenAny(reading).GetAwaiter().GetResult();
        }
    }

    private Task<bool> Start(IEnumerator<string[]> coming, ImageBatch batch, CancellationToken cancellationToken) =>
        Task.Run(
            () =>
            {
                var isThere = coming.MoveNext();
                if (isThere)
                {
                    batch.Begin(coming.Current);
                    Read(batch, cancellationToken);
                }
                return isThere;
            },
            cancellationToken
        );

    private void Read(ImageBatch batch, CancellationToken cancellationToken)
    {
        var options = new ParallelOptions
        {
            CancellationToken = cancellationToken,
            MaxDegreeOfParallelism = Environment.ProcessorCount,
        };
        Parallel.For(0, batch.Files.Count, options, index => ReadOne(batch, index));
    }

    private void ReadOne(ImageBatch batch, int index)
    {
        try
        {
            Prepare(ImageFile.Load(batch.Files[index]), batch.PixelsOf(index));
        }
        catch (Exception fault) when (DescribeFault(batch.Files[index], fault) is { } error)
        {
            batch.Fail(index, error);
        }
    }

    /// <summary>What is wrong with a file; null for a fault that is not about it.</summary>
    /// <param name="file">The file.</param>
    /// <param name="fault">What its reading, or a call for it, ended with.</param>
    public static string? DescribeFault(string file, Exception fault) =>
        fault switch
        {
            ImageFormatException image => $"{image.Fault} {image.Remedy}",
            IOException or UnauthorizedAccessException or NotFiniteNumberException => fault.Message,
            ArgumentException =>
                $"'{file}' is no path: it is empty or holds a null character. Give the path of an image.",
            OutOfMemoryException => "There is not enough memory to decode it. Save the image in a smaller size.",
            _ => null,
        };
}
