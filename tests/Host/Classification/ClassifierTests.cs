using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Weights;
using ILGpuMobileNet.Reference;

namespace ILGpuMobileNet.Host.Tests.Classification;

public sealed class ClassifierTests : IDisposable
{
    private static readonly ClassifierOptions Options = new()
    {
        Model = "mobilenet_v2_relu",
        RandomSeed = 1,
        MaximalBatch = 4,
        ThreadCount = 2,
    };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Classifies_a_file_with_scores_that_fall_and_sum_to_one()
    {
        using var classifier = await Classifier.LoadAsync(Options with { TopCount = 10 });

        var result = classifier.Classify(_folder.WriteImage("a.ppm", 1));

        Assert.Equal(_folder.PathOf("a.ppm"), result.File);
        Assert.Null(result.Error);
        Assert.Equal(Enumerable.Range(0, 10), result.Predictions.Select(p => p.Index).Order());
        Assert.Equal(result.Predictions.OrderByDescending(p => p.Score), result.Predictions);
        Assert.Equal(1, result.Predictions.Sum(p => p.Score), 12);
        Assert.Equal($"class {result.Top.Index}", result.Top.Label);
    }

    [Fact]
    public async Task An_image_in_memory_is_judged_as_its_file_is()
    {
        using var classifier = await Classifier.LoadAsync(Options);
        var path = _folder.WriteImage("a.ppm", 1);

        var fromMemory = classifier.Classify(ImageFile.Load(path), "memory");

        Assert.Equal("memory", fromMemory.File);
        Assert.Equal(classifier.Classify(path).Predictions, fromMemory.Predictions);
    }

    [Fact]
    public async Task Pictures_that_cannot_be_prepared_so_are_refused_before_any_is_read()
    {
        ClassifierOptions[] ways =
        [
            Options with
            {
                Preprocessing = Preprocessing.ImageNet with { Std = new(1, 0, 1) },
            },
            Options with
            {
                Preprocessing = Preprocessing.ImageNet with { ShorterSideRatio = 0.5 },
            },
            Options with
            {
                PreprocessingChanges = new() { Std = default(ColourValues) },
            },
            Options with
            {
                PreprocessingChanges = new() { CropFraction = 1e-4 },
            },
            Options with
            {
                PreprocessingChanges = new() { ShorterSide = 31 },
            },
        ];
        foreach (var options in ways)
        {
            var fault = await Assert.ThrowsAsync<ArgumentException>(() => Classifier.LoadAsync(options));
            Assert.Contains("in the library", fault.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Tells_what_it_runs()
    {
        using var classifier = await Classifier.LoadAsync(Options);

        Assert.Equal(("mobilenet_v2_relu", "cpu", 4), (classifier.Model, classifier.Device, classifier.MaximalBatch));
        Assert.Equal(new FeatureShape(32, 32, 3), classifier.Input);
    }

    [Fact]
    public async Task Many_images_come_in_order_and_equal_each_alone()
    {
        using var classifier = await Classifier.LoadAsync(Options);
        var paths = Enumerable.Range(0, 11).Select(i => _folder.WriteImage($"{i}.ppm", i, 20 + i, 50 - i)).ToList();

        var results = classifier.ClassifyMany(paths).ToList();

        Assert.Equal(paths, results.Select(result => result.File));
        Assert.All(results, result => Assert.Equal(classifier.Classify(result.File).Predictions, result.Predictions));
    }

    [Fact]
    public async Task A_bad_image_is_reported_and_the_others_are_done()
    {
        using var classifier = await Classifier.LoadAsync(Options);
        string[] paths =
        [
            _folder.WriteImage("a.ppm", 1),
            _folder.Write("bad.png", "no picture"),
            _folder.PathOf("missing.png"),
            "",
            _folder.Folder,
            _folder.WriteImage("b.ppm", 2),
        ];

        var results = classifier.ClassifyMany(paths).ToList();

        Assert.Equal([false, true, true, true, true, false], results.Select(result => result.Error is not null));
        Assert.StartsWith("This is no image", results[1].Error, StringComparison.Ordinal);
        Assert.Contains("'' is no path", results[3].Error, StringComparison.Ordinal);
        Assert.Empty(results[1].Predictions);
        Assert.Throws<InvalidOperationException>(() => results[1].Top);
        Assert.Equal(classifier.Classify(paths[5]).Predictions, results[5].Predictions);
    }

    [Fact]
    public async Task A_batch_of_bad_images_only_is_no_fault()
    {
        using var classifier = await Classifier.LoadAsync(Options);
        var paths = Enumerable.Range(0, 5).Select(i => _folder.Write($"{i}.png", "no picture"));

        Assert.All(classifier.ClassifyMany(paths), result => Assert.NotNull(result.Error));
    }

    [Fact]
    public async Task No_images_give_no_results()
    {
        using var classifier = await Classifier.LoadAsync(Options);

        Assert.Empty(classifier.ClassifyMany([]));
    }

    [Fact]
    public async Task A_single_bad_image_is_an_exception()
    {
        using var classifier = await Classifier.LoadAsync(Options);

        Assert.Throws<ImageFormatException>(() => classifier.Classify(_folder.Write("bad.png", "no picture")));
        Assert.Throws<FileNotFoundException>(() => classifier.Classify(_folder.PathOf("missing.png")));
    }

    [Fact]
    public async Task A_caller_may_stop_early_and_start_again()
    {
        using var classifier = await Classifier.LoadAsync(Options);
        var paths = Enumerable.Range(0, 9).Select(i => _folder.WriteImage($"{i}.ppm", i)).ToList();

        var first = classifier.ClassifyMany(paths).First();

        Assert.Equal(first.Predictions, classifier.ClassifyMany(paths).First().Predictions);
    }

    [Fact]
    public async Task Cancelling_stops_between_batches()
    {
        using var classifier = await Classifier.LoadAsync(Options with { MaximalBatch = 1 });
        var path = _folder.WriteImage("a.ppm", 1);
        using var source = new CancellationTokenSource();
        var seen = 0;

        Assert.ThrowsAny<OperationCanceledException>(() =>
        {
            foreach (var _ in classifier.ClassifyMany(Enumerable.Repeat(path, 1_000_000), source.Token))
            {
                seen++;
                source.Cancel();
            }
        });

        Assert.InRange(seen, 1, 3);
    }

    [Fact]
    public async Task Cancelling_stops_the_loading() =>
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            Classifier.LoadAsync(Options, new CancellationToken(canceled: true))
        );

    [Fact]
    public async Task Several_threads_may_use_one_classifier()
    {
        using var classifier = await Classifier.LoadAsync(Options);
        var paths = Enumerable.Range(0, 6).Select(i => _folder.WriteImage($"{i}.ppm", i)).ToList();
        var expected = paths.ConvertAll(path => classifier.Classify(path).Predictions);

        Parallel.For(
            0,
            60,
            i =>
            {
                Assert.Equal(expected[i % 6], classifier.Classify(paths[i % 6]).Predictions);
                Assert.Equal(expected, classifier.ClassifyMany(paths).Select(result => result.Predictions));
            }
        );
    }

    [Fact]
    public async Task After_disposing_every_call_says_so()
    {
        var classifier = await Classifier.LoadAsync(Options);
        var path = _folder.WriteImage("a.ppm", 1);

        classifier.Dispose();
        classifier.Dispose();

        Assert.Throws<ObjectDisposedException>(() => classifier.Classify(path));
        Assert.Throws<ObjectDisposedException>(() => classifier.ClassifyMany([path]).ToList());
    }

    [Fact]
    public async Task Labels_must_be_as_many_as_classes()
    {
        var labels = _folder.Write("labels.txt", "one\ntwo");

        var fault = await Assert.ThrowsAsync<ModelFormatException>(() =>
            Classifier.LoadAsync(Options with { Labels = labels })
        );
        using var classifier = await Classifier.LoadAsync(Options with { Labels = labels, Classes = 2 });

        Assert.Contains("2 labels, but the network has 10 classes", fault.Message, StringComparison.Ordinal);
        Assert.Matches("^(one|two)$", classifier.Classify(_folder.WriteImage("a.ppm", 1)).Top.Label);
    }

    [Fact]
    public async Task Weights_that_are_no_numbers_are_an_error_of_each_image()
    {
        var random = ModelSource.Load(Options).Model;
        var bias = random.Graph.Parameters.Last();
        var nan = new Tensor(bias.Shape, Enumerable.Repeat(float.NaN, (int)bias.ElementCount).ToArray());
        var weights = random.Weights with { Tensors = random.Weights.Tensors.SetItem(bias.Name, nan) };
        Safetensors.Write(_folder.PathOf("w.safetensors"), weights);
        var options = Options with { RandomSeed = null, Weights = _folder.PathOf("w.safetensors") };
        using var classifier = await Classifier.LoadAsync(options);
        var path = _folder.WriteImage("a.ppm", 1);

        Assert.Throws<NotFiniteNumberException>(() => classifier.Classify(path));
        Assert.Contains("Check its weights", classifier.ClassifyMany([path]).Single().Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_network_without_classes_is_refused()
    {
        var options = Options with { Model = "mobilenet_v1_enhance", Width = 0.1 };

        var fault = await Assert.ThrowsAsync<ArgumentException>(() => Classifier.LoadAsync(options));

        Assert.Contains("feature map", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 1, 0)]
    [InlineData(1, 0, 0)]
    [InlineData(1, 5000, 0)]
    [InlineData(1, 1, -1)]
    public async Task Numbers_out_of_range_are_refused(int top, int batch, int threads) =>
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() =>
            Classifier.LoadAsync(Options with { TopCount = top, MaximalBatch = batch, ThreadCount = threads })
        );

    [Fact]
    public void A_prediction_reads_as_label_and_percent() =>
        Assert.Equal("tabby cat 97.31%", new Prediction("tabby cat", 281, 0.97312).ToString());
}
