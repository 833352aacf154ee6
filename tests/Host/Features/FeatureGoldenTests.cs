using ILGpuMobileNet.Host.Features;
using ILGpuMobileNet.Network.Weights;
using ILGpuMobileNet.Reference;
using ILGpuMobileNet.Reference.Operations;

namespace ILGpuMobileNet.Host.Tests.Features;

/// <summary>Feature maps and embeddings, from the picture on, held to PyTorch's (eng/feature-goldens.py).</summary>
public sealed class FeatureGoldenTests
{
    private const int Height = 64;
    private const int Width = 96;
    private const int Step = 37; // of a feature's values every so manieth is written
    private const double Tolerance = 1e-4;

    private static readonly int[] s_strides = [2, 4, 8, 16, 32];

    [Theory]
    [InlineData("mobilenet_v2", 0.35, "48x32x48 48x16x24 96x8x12 192x4x6 1280x2x3 1280")]
    [InlineData("mobilenet_v3_small", 1.0, "16x32x48 72x16x24 96x8x12 288x4x6 576x2x3 576")]
    [InlineData("mobilenet_v3_large", 0.65, "40x32x48 48x16x24 160x8x12 440x4x6 624x2x3 624")]
    public async Task Maps_at_every_stride_and_the_embedding_equal_pytorch_s(string model, double width, string axes)
    {
        var options = new FeatureOptions
        {
            Model = model,
            RandomSeed = 1,
            Width = width,
            Resolution = new(Height, Width),
            PreprocessingChanges = new() { Resize = ResizeRule.Stretch },
            Features = [.. s_strides.Select(FeatureSource.AtStride), FeatureSource.Embedding],
            Device = DeviceName.Cpu,
        };
        using var extractor = await FeatureExtractor.LoadAsync(options);

        var features = extractor.Extract(Picture()).Features;

        Assert.Equal(axes, string.Join(' ', features.Select(feature => string.Join('x', feature.Shape))));
        var golden = Npy.Read(Repository.PathOf("tests", "Host", "Features", "Goldens", $"{model}.npy")).Data.ToArray();
        var next = 0;
        foreach (var feature in features)
        {
            var sampled = feature.Data.ToArray().Where((_, index) => index % Step == 0).ToArray();
            var expected = golden[next..(next += sampled.Length)].Select(value => (double)value).ToArray();
            Assert.InRange(Closeness.RelativeError(expected, sampled), 0, Tolerance);
        }
        Assert.Equal(golden.Length, next);
    }

    private static RgbImage Picture()
    {
        var values = new float[Height * Width * 3];
        WeightFormula.Fill("picture", 1, values, scale: 256, offset: 0);
        return new(Width, Height, values.Select(value => (byte)value).ToArray());
    }
}
