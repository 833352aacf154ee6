using ILGpuMobileNet.Network.Graph;

namespace ILGpuMobileNet.Network.Tests.Onnx;

/// <summary>Compares models up to names and the order of independent layers.</summary>
internal static class ModelComparison
{
    /// <summary>Fails with the layers that differ.</summary>
    public static void AssertSame(Model expected, Model actual)
    {
        Assert.Equal(expected.Graph.Input, actual.Graph.Input);
        Assert.Equal(expected.Graph.Layers.Length, actual.Graph.Layers.Length);
        AssertSame(expected, actual, (expected.Graph.OutputId, actual.Graph.OutputId), []);
        actual.Weights.Check(actual.Graph);
    }

    private static void AssertSame(
        Model expected,
        Model actual,
        (int Expected, int Actual) ids,
        Dictionary<int, int> visited
    )
    {
        if (visited.TryGetValue(ids.Expected, out var known))
        {
            Assert.Equal(known, ids.Actual);
            return;
        }
        visited.Add(ids.Expected, ids.Actual);
        if (ids.Expected == 0 || ids.Actual == 0)
        {
            Assert.Equal(ids.Expected, ids.Actual);
            return;
        }
        var (left, right) = (expected.Graph.Layers[ids.Expected - 1], actual.Graph.Layers[ids.Actual - 1]);
        Assert.Equal(Unnamed(left), Unnamed(right));
        AssertSameWeights(expected, actual, left, right);
        Assert.Equal(left.Inputs.Length, right.Inputs.Length);
        foreach (var pair in left.Inputs.Zip(right.Inputs))
        {
            AssertSame(expected, actual, pair, visited);
        }
    }

    private static void AssertSameWeights(Model expected, Model actual, Layer left, Layer right)
    {
        foreach (var (first, second) in left.Parameters.Zip(right.Parameters))
        {
            var (wanted, got) = (expected.Weights[first], actual.Weights[second]);
            Assert.Equal<IEnumerable<int>>([.. wanted.Shape], [.. got.Shape]);
            Assert.True(wanted.Data.Span.SequenceEqual(got.Data.Span), $"{left.Name}: {first.Name} differs");
        }
    }

    private static object Unnamed(Layer layer) =>
        layer switch
        {
            ConvolutionLayer convolution => (layer.Output, convolution.Geometry, layer.Parameters.Length),
            BatchNormLayer batchNorm => (layer.Output, batchNorm.Epsilon),
            ActivationLayer activation => (layer.Output, activation.Activation),
            PoolLayer pool => (layer.Output, pool.Kind, pool.Window),
            LinearLayer => (layer.Output, layer.Parameters.Length),
            _ => (layer.Output, layer.GetType().Name),
        };
}
