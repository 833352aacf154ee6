using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Graph;
using ILGpuMobileNet.Network.TensorFlow;

namespace ILGpuMobileNet.Network.Tests.TensorFlow;

/// <summary>Writes a network as TensorFlow Lite, layer by layer; normalisations as a product and a sum.</summary>
internal sealed class TfliteWriter
{
    private readonly Model _model;
    private readonly TfliteFile _file;
    private readonly int[] _values;

    private TfliteWriter(Model model, bool isHalf)
    {
        _model = model;
        _file = new() { IsHalf = isHalf };
        _values = new int[model.Graph.Layers.Length + 1];
        _values[0] = _file.Input(Shape(model.Graph.Input));
    }

    /// <summary>The file.</summary>
    public static byte[] Write(Model model, bool isHalf)
    {
        var writer = new TfliteWriter(model, isHalf);
        for (var i = 0; i < model.Graph.Layers.Length; i++)
        {
            writer._values[i + 1] = writer.Append(model.Graph.Layers[i]);
        }
        writer._file.Outputs = [writer._values[model.Graph.OutputId]];
        return writer._file.Write();
    }

    private static int[] Shape(FeatureShape shape) => [1, shape.Height, shape.Width, shape.Channels];

    private int Append(Layer layer)
    {
        var inputs = layer.Inputs.Select(id => _values[id]).ToArray();
        var output = (layer.Name, Shape(layer.Output));
        return layer switch
        {
            ConvolutionLayer convolution => Convolution(convolution, inputs[0]),
            BatchNormLayer batchNorm => BatchNorm(batchNorm, inputs[0]),
            ActivationLayer activation => Activation(activation, inputs[0]),
            AddLayer => _file.Operator(TfliteOperatorCode.ADD, inputs, output),
            ScaleLayer => _file.Operator(TfliteOperatorCode.MUL, [inputs[0], Spatial(inputs[1])], output),
            GlobalAveragePoolLayer => _file.Operator(
                TfliteOperatorCode.MEAN,
                [inputs[0], _file.Integers($"{layer.Name}/axes", [2], 1, 2)],
                output,
                (0, (byte)1)
            ),
            LinearLayer linear => Linear(linear, inputs[0]),
            SoftmaxLayer => _file.Operator(TfliteOperatorCode.SOFTMAX, inputs, output, (0, 1f)),
            _ => throw new NotSupportedException(layer.GetType().Name),
        };
    }

    private int Convolution(ConvolutionLayer layer, int input)
    {
        var (window, channels, _) = layer.Geometry;
        var source = _file.Shape(input);
        var isDepthwise = layer.Geometry.IsDepthwise;
        var (outputs, _, height, width) = (layer.Weight.Shape[0], 0, layer.Weight.Shape[2], layer.Weight.Shape[3]);
        var data = _model.Weights[layer.Weight].Data;
        var filter = new float[data.Length];
        var inner = isDepthwise ? 1 : channels;
        for (var i = 0; i < filter.Length; i++)
        {
            var (o, rest) = Math.DivRem(i, inner * height * width);
            var (c, tap) = Math.DivRem(rest, height * width);
            filter[isDepthwise ? tap * outputs + o : (o * height * width + tap) * inner + c] = data.Span[i];
        }
        int[] shape = isDepthwise ? [1, height, width, outputs] : [outputs, height, width, inner];
        var (top, left, bottom, right) = window.Padding;
        var padded = input;
        if (window.Padding != default)
        {
            var paddings = _file.Integers($"{layer.Name}/paddings", [4, 2], 0, 0, top, bottom, left, right, 0, 0);
            int[] larger = [1, source[1] + top + bottom, source[2] + left + right, channels];
            padded = _file.Operator(TfliteOperatorCode.PAD, [input, paddings], ($"{layer.Name}/padded", larger));
        }
        var weights = _file.Weights(layer.Weight.Name, shape, filter);
        // TensorFlow Lite's runtime wants a bias, so that converters write zeros where there is none.
        var bias = layer.Bias is null
            ? _file.Weights($"{layer.Name}/zeros", [outputs], new float[outputs])
            : Vector(layer.Bias);
        var dilationField = isDepthwise ? 5 : 4;
        return _file.Operator(
            isDepthwise ? TfliteOperatorCode.DEPTHWISE_CONV_2D : TfliteOperatorCode.CONV_2D,
            [padded, weights, bias],
            (layer.Name, Shape(layer.Output)),
            (0, (byte)1),
            (1, window.Stride.Width),
            (2, window.Stride.Height),
            (dilationField, window.Dilation.Width),
            (dilationField + 1, window.Dilation.Height)
        );
    }

    private int BatchNorm(BatchNormLayer layer, int input)
    {
        var (scale, offset) = (new float[layer.Output.Channels], new float[layer.Output.Channels]);
        var statistics = layer.Parameters.Select(parameter => _model.Weights[parameter].Data.ToArray()).ToArray();
        for (var c = 0; c < scale.Length; c++)
        {
            var factor = statistics[0][c] / Math.Sqrt(statistics[3][c] + layer.Epsilon);
            (scale[c], offset[c]) = ((float)factor, (float)(statistics[1][c] - statistics[2][c] * factor));
        }
        var shape = Shape(layer.Output);
        var factors = _file.Weights($"{layer.Name}/scale", [scale.Length], scale);
        var product = _file.Operator(TfliteOperatorCode.MUL, [input, factors], ($"{layer.Name}/mul", shape));
        var summands = _file.Weights($"{layer.Name}/offset", [1, 1, 1, offset.Length], offset);
        return _file.Operator(TfliteOperatorCode.ADD, [product, summands], (layer.Name, shape));
    }

    private int Activation(ActivationLayer layer, int input)
    {
        var output = (layer.Name, _file.Shape(input));
        switch (layer.Activation.Kind)
        {
            case ActivationKind.Relu:
                return _file.Operator(TfliteOperatorCode.RELU, [input], output);
            case ActivationKind.Relu6:
                return _file.Operator(TfliteOperatorCode.RELU6, [input], output);
            case ActivationKind.HardSwish:
                return _file.Operator(TfliteOperatorCode.HARD_SWISH, [input], output);
            case ActivationKind.Sigmoid:
                return _file.Operator(TfliteOperatorCode.LOGISTIC, [input], output);
            case ActivationKind.Silu:
                var sigmoid = _file.Operator(
                    TfliteOperatorCode.LOGISTIC,
                    [input],
                    ($"{layer.Name}/sigmoid", output.Item2)
                );
                return _file.Operator(TfliteOperatorCode.MUL, [input, sigmoid], output);
            default:
                var three = _file.Weights($"{layer.Name}/three", [], [3]);
                var clipped = ($"{layer.Name}/relu6", output.Item2);
                var sum = _file.Operator(TfliteOperatorCode.ADD, [input, three], clipped, (0, (byte)3));
                // A constant of a file is float32 where float16 would round it too much.
                var sixth = _file.Tensor($"{layer.Name}/sixth", [1], TfliteType.FLOAT32, BitConverter.GetBytes(1f / 6));
                return _file.Operator(TfliteOperatorCode.MUL, [sum, sixth], output);
        }
    }

    private int Linear(LinearLayer layer, int input)
    {
        var weights = _file.Weights(layer.Weight.Name, [.. layer.Weight.Shape], Data(layer.Weight));
        var bias = layer.Bias is null ? -1 : Vector(layer.Bias);
        var output = (layer.Name, new[] { 1, layer.Output.Channels });
        return _file.Operator(TfliteOperatorCode.FULLY_CONNECTED, [input, weights, bias], output);
    }

    /// <summary>A gate of fully connected layers, with rows and columns again.</summary>
    private int Spatial(int gate)
    {
        var shape = _file.Shape(gate);
        if (shape.Length == 4)
        {
            return gate;
        }
        // The second input says the batch, which is computed where any batch will do; the result's shape counts.
        int Whole(string name, params int[] axes) => _file.Tensor($"gate{gate}/{name}", axes, TfliteType.INT32);
        var (sizes, batch, target) = (Whole("sizes", 2), Whole("batch"), Whole("target", 4));
        _file.Operator(TfliteOperatorCode.SHAPE, [gate], [sizes], (0, (byte)TfliteType.INT32));
        int[] bounds = [.. Enumerable.Range(0, 3).Select(i => _file.Integers($"gate{gate}/{i}", [1], i == 0 ? 0 : 1))];
        _file.Operator(TfliteOperatorCode.STRIDED_SLICE, [sizes, .. bounds], [batch], (4, 1));
        var one = _file.Integers($"gate{gate}/one", [], 1);
        var channels = _file.Integers($"gate{gate}/channels", [], shape[1]);
        _file.Operator(TfliteOperatorCode.PACK, [batch, one, one, channels], [target], (0, 4));
        return _file.Operator(TfliteOperatorCode.RESHAPE, [gate, target], ($"gate{gate}", [1, 1, 1, shape[1]]));
    }

    private int Vector(Parameter parameter) => _file.Weights(parameter.Name, [.. parameter.Shape], Data(parameter));

    private float[] Data(Parameter parameter) => _model.Weights[parameter].Data.ToArray();
}
