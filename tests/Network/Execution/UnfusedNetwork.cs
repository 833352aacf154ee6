using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Graph;
using ILGpuMobileNet.Reference.Operations;

namespace ILGpuMobileNet.Network.Tests.Execution;

/// <summary>A network layer by layer in double precision, nothing fused.</summary>
internal sealed class UnfusedNetwork(Model model)
{
    private readonly NetworkGraph _graph = model.Graph;

    public double[] Run(float[] input, int batch) => Values(input, batch)[_graph.OutputId];

    /// <summary>What every layer gives, by the ids of the values.</summary>
    public IReadOnlyList<double[]> Values(float[] input, int batch)
    {
        var values = new List<double[]> { Array.ConvertAll(input, x => (double)x) };
        foreach (var layer in _graph.Layers)
        {
            values.Add(Run(layer, [.. layer.Inputs.Select(id => values[id])], batch));
        }
        return values;
    }

    private double[] Run(Layer layer, double[][] inputs, int batch)
    {
        var channels = layer.Output.Channels;
        var shape = _graph.ShapeOf(layer.Inputs[0]);
        var x = inputs[0];
        return layer switch
        {
            ConvolutionLayer convolution => Convolution(convolution, shape, x, batch),
            LinearLayer linear => ReferenceOperations.Linear(
                x,
                Data(linear.Weight),
                BiasOf(linear.Bias, channels),
                default
            ),
            BatchNormLayer norm => [.. x.Select((v, i) => Normalise(norm, v, i % channels))],
            ActivationLayer act => [.. x.Select(v => ReferenceOperations.Activate(act.Activation, v))],
            AddLayer => [.. x.Zip(inputs[1], (a, b) => a + b)],
            ScaleLayer => [.. x.Select((v, i) => v * inputs[1][i / shape.ElementCount * channels + i % channels])],
            GlobalAveragePoolLayer => ReferenceOperations.GlobalAveragePool(shape, batch, ToSingle(x)),
            PoolLayer pool => ReferenceOperations.Pool(pool.Kind, shape, pool.Window, batch, ToSingle(x)),
            ConcatLayer => Concat(layer, inputs),
            SelectChannelsLayer select => ReferenceOperations.CopyChannels(
                (x, shape.Channels),
                (new double[batch * layer.Output.ElementCount], channels),
                select.Runs
            ),
            SoftmaxLayer => ReferenceOperations.Softmax(channels, ToSingle(x)),
            _ => throw new NotSupportedException(layer.GetType().Name),
        };
    }

    private double[] Convolution(ConvolutionLayer layer, FeatureShape shape, double[] x, int batch)
    {
        var geometry = layer.Geometry;
        var test = new ConvolutionTest(batch, shape, layer.Output.Channels, geometry.Window, geometry.Groups);
        var bias = BiasOf(layer.Bias, layer.Output.Channels);
        return ReferenceOperations.Convolution(test, new(ToSingle(x), Data(layer.Weight), bias));
    }

    private double[] Concat(Layer layer, double[][] inputs)
    {
        var result = new double[inputs.Sum(x => x.Length)];
        var first = 0;
        foreach (var (id, x) in layer.Inputs.Zip(inputs))
        {
            var channels = _graph.ShapeOf(id).Channels;
            var run = ChannelRun.Neighbours(0, first, channels);
            ReferenceOperations.CopyChannels((x, channels), (result, layer.Output.Channels), [run]);
            first += channels;
        }
        return result;
    }

    private double Normalise(BatchNormLayer norm, double value, int channel)
    {
        var deviation = Math.Sqrt(Data(norm.Statistics.Variance)[channel] + norm.Epsilon);
        var centred = (value - Data(norm.Statistics.Mean)[channel]) / deviation;
        return centred * Data(norm.Statistics.Scale)[channel] + Data(norm.Statistics.Offset)[channel];
    }

    private float[] BiasOf(Parameter? bias, int channels) => bias is null ? new float[channels] : Data(bias);

    private float[] Data(Parameter parameter) => model.Weights[parameter].Data.ToArray();

    private static float[] ToSingle(double[] values) => Array.ConvertAll(values, value => (float)value);
}
