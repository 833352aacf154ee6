using ILGpuMobileNet.Network.Weights;
using ILGpuMobileNet.Reference;

namespace ILGpuMobileNet.Host.Tests.Classification;

/// <summary>The trained classifier on the samples; skipped where eng/fetch-model has not brought it.</summary>
public sealed class TextDirectionTests : IDisposable
{
    private static readonly string ModelFile = Repository.PathOf("models", PretrainedModel.FileName);
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Samples =>
        [
            .. ImageFolder
                .Enumerate([Repository.PathOf("samples")], recursive: false)
                .Select(path => Path.GetFileName(path)),
        ];

    public void Dispose() => _folder.Dispose();

    [SkippableTheory]
    [MemberData(nameof(Samples))]
    public async Task Judges_every_sample_right(string sample)
    {
        SkipWithoutModel();
        using var classifier = await Classifier.LoadAsync(new ClassifierOptions { Model = ModelFile });

        var result = classifier.Classify(Repository.PathOf("samples", sample));

        Assert.Equal(Path.GetFileNameWithoutExtension(sample).Split('_')[^1], result.Top.Label);
        Assert.InRange(result.Top.Score, 0.8, 1);
        Assert.Equal(1, result.Predictions.Sum(prediction => prediction.Score), 5);
    }

    [SkippableFact]
    public async Task Scores_equal_those_of_ONNX_Runtime()
    {
        SkipWithoutModel();
        Skip.IfNot(OnnxRuntimePeer.IsInstalled, OnnxRuntimePeer.Missing);
        using var classifier = await Classifier.LoadAsync(new ClassifierOptions { Model = ModelFile });
        var samples = ImageFolder.Enumerate([Repository.PathOf("samples")], recursive: false).ToList();

        using var peer = new OnnxRuntimePeer(ModelFile);
        var expected = samples.ConvertAll(sample => ScoresOf(peer, WriteInput(classifier, sample)));

        Assert.True(samples.Count >= 16);
        foreach (var (result, scores) in classifier.ClassifyMany(samples).Zip(expected))
        {
            Assert.All(
                result.Predictions,
                prediction => Assert.Equal(scores.Data.Span[prediction.Index], prediction.Score, 1e-4)
            );
        }
    }

    private static void SkipWithoutModel() =>
        Skip.IfNot(File.Exists(ModelFile), $"{ModelFile} is not there; run eng/fetch-model text-direction.");

    private static Tensor ScoresOf(OnnxRuntimePeer peer, string input)
    {
        peer.Run(input, $"{input}.out");
        return Npy.Read($"{input}.out");
    }

    private string WriteInput(Classifier classifier, string sample)
    {
        var shape = classifier.Input;
        var (pixels, planes) = (new float[shape.ElementCount], new float[shape.ElementCount]);
        new Preprocessor(Preprocessing.PaddleTextDirection, shape).Run(ImageFile.Load(sample), pixels);
        ChannelLayout.ToChannelsFirst(pixels, shape, planes);
        var file = _folder.PathOf(Path.GetFileName(sample) + ".npy");
        Npy.Write(file, new Tensor([1, shape.Channels, shape.Height, shape.Width], planes));
        return file;
    }
}
