using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Architectures;
using ILGpuMobileNet.Reference;

namespace ILGpuMobileNet.Host.Tests.Contracts;

/// <summary>Every item of a contract, violated on purpose: it is refused, and where it is insisted on the result is another.</summary>
public sealed class ContractItemTests : IDisposable
{
    private const string Contract = "timm/mobilenetv3_small_100.lamb_in1k";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<NumericsOptions, string> Numerics { get; } =
        new()
        {
            {
                new() { BatchNormEpsilon = 1e-3 },
                "epsilon 0.001 was asked for, it has 1E-05"
            },
            {
                new() { Padding = PaddingRule.Same },
                "padding same was asked for, it has symmetric"
            },
            {
                new() { Gate = Activation.HardSigmoid(0.2f) },
                "gate hard-sigmoid:0.2 was asked for, it has hard-sigmoid"
            },
            {
                new() { Relu = Activation.Relu6 },
                "activation relu6 was asked for, it has relu"
            },
        };

    public static TheoryData<string, ModelOptions> Pictures { get; } =
        new()
        {
            {
                "input size",
                new() { Resolution = Extent.Square(192) }
            },
            { "resize", Changed(new() { Resize = ResizeRule.Stretch }) },
            { "shorter side", Changed(new() { ShorterSide = 232 }) },
            { "crop", Changed(new() { CropFraction = 0.95 }) },
            { "rounding", Changed(new() { Rounding = ResizeRounding.Paddle }) },
            { "interpolation", Changed(new() { Interpolation = Interpolation.Bilinear }) },
            { "antialias", Changed(new() { Antialias = false }) },
            { "mean", Changed(new() { Mean = ColourValues.Same(0.5f) }) },
            { "std", Changed(new() { Std = ColourValues.Same(0.5f) }) },
            { "channel order", Changed(new() { Order = ChannelOrder.Bgr }) },
            {
                "the whole preprocessing",
                new() { Preprocessing = Preprocessing.KerasTf }
            },
        };

    [Theory]
    [MemberData(nameof(Numerics))]
    public async Task Another_arithmetic_is_refused_and_where_forced_gives_other_scores(
        NumericsOptions numerics,
        string message
    )
    {
        var options = Published;

        var fault = await Assert.ThrowsAsync<ArgumentException>(() => ScoresOf(options with { Numerics = numerics }));
        var forced = await ScoresOf(options with { Numerics = numerics with { Force = true } });

        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
        Assert.NotEqual(await ScoresOf(options), forced);
    }

    [Theory]
    [MemberData(nameof(Pictures))]
    public async Task Pictures_prepared_otherwise_give_other_scores(string item, ModelOptions violation)
    {
        var options = Published;
        var violated = options with
        {
            Resolution = violation.Resolution,
            Preprocessing = violation.Preprocessing,
            PreprocessingChanges = violation.PreprocessingChanges,
        };

        var (own, others) = (await ScoresOf(options), await ScoresOf(violated));
        Assert.False(own.SequenceEqual(others), item);
    }

    [Fact]
    public async Task Other_labels_name_the_classes_and_another_number_of_them_is_refused()
    {
        var fits = _folder.Write(
            "a.txt",
            string.Join('\n', Enumerable.Range(0, 1000).Select(index => $"class {index}"))
        );
        var lacks = _folder.Write("b.txt", "left\nright");
        var options = Published;

        var fault = await Assert.ThrowsAnyAsync<Exception>(() => Classify(new(options) { Labels = lacks }));
        var named = (await Classify(new(options) { Labels = fits })).Top;
        var own = (await Classify(new(options))).Top;

        Assert.Contains("2", fault.Message, StringComparison.Ordinal);
        Assert.Contains("1000", fault.Message, StringComparison.Ordinal);
        Assert.Equal(own.Index, named.Index);
        Assert.Equal(($"class {own.Index}", Labels.ImageNet[own.Index]), (named.Label, own.Label));
    }

    private ModelOptions Published =>
        new() { Model = PublishedFile.Write(_folder, "timm-tf-tf_mobilenetv3_small_100", 1000), Contract = Contract };

    private static ModelOptions Changed(PreprocessingChanges changes) => new() { PreprocessingChanges = changes };

    private async Task<double[]> ScoresOf(ModelOptions options) =>
        [.. (await Classify(new(options) { TopCount = 1000 })).Predictions.Select(prediction => prediction.Score)];

    private async Task<ClassificationResult> Classify(ClassifierOptions options)
    {
        using var classifier = await Classifier.LoadAsync(options with { Device = DeviceName.Cpu });
        // Larger than the crop, not square, with detail that resizing changes and a side that rounding does.
        return classifier.Classify(_folder.WriteImage("a.ppm", 1, width: 405, height: 300));
    }
}
