using ILGpuMobileNet.Network.Architectures;
using ILGpuMobileNet.Network.Execution;
using ILGpuMobileNet.Network.Graph;
using ILGpuMobileNet.Network.Weights;
using ILGpuMobileNet.Reference.Operations;

namespace ILGpuMobileNet.Network.Tests.Execution;

/// <summary>Batches that threads share by images, those left over by rows.</summary>
public sealed class ImageGroupsTests
{
    private const int MaximalBatch = 19; // rounds of several groups, some images left over
    private static readonly Model s_model = SeveralOutputs();
    private static readonly float[] s_images = TestValues.Uniform(1, MaximalBatch * s_model.Graph.Input.ElementCount);
    private static readonly Lazy<List<float[]>> s_alone = new(() =>
        [.. Enumerable.Range(0, MaximalBatch).Select(Alone)]
    );

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void An_image_gets_the_same_bits_whoever_does_it(int threads)
    {
        using var session = new CpuSession(s_model, new(MaximalBatch, threads));
        using var wider = session.Share(threads + 1);
        for (var batch = 1; batch <= MaximalBatch; batch++)
        {
            Assert.Equal(s_alone.Value.Take(batch), Run(session, 0, batch));
            Assert.Equal(s_alone.Value.Take(batch), Run(wider, 0, batch));
        }
    }

    [Theory]
    [InlineData(1, 4)]
    [InlineData(2, 2)]
    [InlineData(8, 1)]
    [InlineData(9, 2)]
    [InlineData(33, 2)]
    public void A_session_holds_what_it_said_beforehand(int batch, int threads)
    {
        var options = new SessionOptions(batch, threads);
        using var session = new CpuSession(s_model, options);

        Assert.Equal(CpuSession.MemoryFor(s_model, options), session.Memory);
        Assert.InRange(((ITimedSession)session).Chunk, 1, batch);
    }

    private static float[] Alone(int image)
    {
        using var session = new CpuSession(s_model, new(1, 1));
        return Run(session, image, 1)[0];
    }

    /// <summary>All outputs of each image, one behind the other.</summary>
    private static List<float[]> Run(CpuSession session, int first, int batch)
    {
        var size = (int)session.Input.ElementCount;
        var outputs = session.Outputs.Select(shape => new float[batch * shape.ElementCount].AsMemory()).ToArray();
        session.Run(s_images.AsSpan(first * size, batch * size), outputs, batch);
        return
        [
            .. Enumerable
                .Range(0, batch)
                .Select(image =>
                    outputs
                        .SelectMany(all => all.Slice(image * all.Length / batch, all.Length / batch).ToArray())
                        .ToArray()
                ),
        ];
    }

    /// <summary>The classes, a map with residuals behind it, and the pooled features.</summary>
    private static Model SeveralOutputs()
    {
        var graph = ArchitectureCatalog
            .Get("mobilenet_v3_small")
            .Build(
                new()
                {
                    Resolution = new(33, 47),
                    Classes = 10,
                    Width = 0.5,
                }
            );
        var pooled = 1 + graph.Layers.Select(layer => layer is GlobalAveragePoolLayer).ToList().LastIndexOf(true);
        return new(graph.WithOutputs(graph.OutputId, 20, pooled), WeightFormula.Create(graph, 1));
    }
}
