using ILGpuMobileNet.Host;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Architectures;
using ILGpuMobileNet.Network.Architectures.Blocks;
using ILGpuMobileNet.Network.Execution;
using ILGpuMobileNet.Network.Graph;
using ILGpuMobileNet.Network.Weights;
using ILGpuMobileNet.Reference.Goldens;
using ILGpuMobileNet.Reference.Operations;

namespace ILGpuMobileNet.Network.Tests.Execution;

/// <summary>The model, input and expected output of a golden case, in this library's layout.</summary>
internal static class GoldenNetworks
{
    private const ulong Seed = 1;
    private const double Tolerance = 1e-4;

    public static Model Model(GoldenCase golden)
    {
        var graph = golden.Network.StartsWith("block_", StringComparison.Ordinal) ? Block(golden) : Network(golden);
        return new(graph, WeightFormula.Create(graph, Seed));
    }

    /// <summary>All images, <c>[N, H, W, C]</c>; the formula fills them as <c>[N, C, H, W]</c>.</summary>
    public static float[] Input(GoldenCase golden)
    {
        var shape = new FeatureShape(golden.Height, golden.InputWidth, golden.InputChannels);
        var values = new float[golden.Batch * shape.ElementCount];
        WeightFormula.Fill("input", Seed, values, 2 * golden.InputBound, -golden.InputBound);
        return FromPlanar(values, shape);
    }

    /// <summary>The expected output, <c>[N, H, W, C]</c> of the channels that the file holds.</summary>
    public static float[] Output(GoldenCase golden)
    {
        var tensor = Npy.Read(golden.OutputPath);
        var shape = tensor.Shape is [_, var channels, var height, var width]
            ? new FeatureShape(height, width, channels)
            : new FeatureShape(1, 1, tensor.Shape[1]);
        return FromPlanar(tensor.Data.Span, shape);
    }

    /// <summary>Runs a batch.</summary>
    public static float[] Run(ISession session, float[] input, int batch)
    {
        var output = new float[batch * session.Output.ElementCount];
        session.Run(input, output, batch);
        return output;
    }

    /// <summary>Holds the output for all images, or for the first ones, against PyTorch's.</summary>
    public static void AssertClose(GoldenCase golden, float[] output, int? images = null)
    {
        var wanted = Output(golden);
        var count = wanted.Length / golden.Batch * (images ?? golden.Batch);
        var expected = wanted.Take(count).Select(value => (double)value).ToArray();
        var channels = golden.OutputShape[1];
        var kept = output.Where((_, i) => i % channels % golden.ChannelStep == 0).ToArray();
        Assert.InRange(Closeness.RelativeError(expected, kept), 0, Tolerance);
    }

    /// <summary><c>[N, C, H, W]</c> as <c>[N, H, W, C]</c>.</summary>
    public static float[] FromPlanar(ReadOnlySpan<float> values, FeatureShape shape)
    {
        var result = new float[values.Length];
        ChannelLayout.ToChannelsLast(values, shape, result);
        return result;
    }

    private static NetworkGraph Network(GoldenCase golden) =>
        ArchitectureCatalog
            .Get(golden.Network)
            .Build(
                new()
                {
                    Width = golden.Width,
                    Resolution = new(golden.Height, golden.InputWidth),
                    Classes = golden.Classes,
                    ReducedTail = golden.ReducedTail,
                }
            );

    private static NetworkGraph Block(GoldenCase golden)
    {
        var graph = new GraphBuilder(golden.Name, new(golden.Height, golden.InputWidth, golden.InputChannels));
        Block block = golden.Network switch
        {
            "block_separable_relu" => Separable(Activation.Relu),
            "block_separable_silu" => Separable(Activation.Silu),
            "block_inverted_residual" => new InvertedResidual(InvertedResidualNames.Plain(), 24) { Expanded = 72 },
            "block_squeeze_excite" => new SqueezeExcite(SqueezeExciteNames.Plain(), 10),
            "block_strided_shortcut" => new StridedShortcut(new("conv", "bn", "activation"), 40)
            {
                Stride = Extent.Square(2),
            },
            _ => throw new ArgumentException($"No block is called '{golden.Network}'.", nameof(golden)),
        };
        return graph.Build(block.AppendTo(graph, graph.Input, Family.Torch));
    }

    private static DepthwiseSeparable Separable(Activation activation) =>
        new(DepthwiseSeparableNames.Plain(), 40) { Stride = Extent.Square(2), Activation = activation };
}
