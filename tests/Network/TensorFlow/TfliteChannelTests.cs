using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Graph;
using ILGpuMobileNet.Network.Tests.Weights;
using ILGpuMobileNet.Reference.Operations;
using static ILGpuMobileNet.Network.TensorFlow.TfliteOperatorCode;

namespace ILGpuMobileNet.Network.Tests.TensorFlow;

public class TfliteChannelTests
{
    private static readonly (int, object)[] _strideOne = [(0, (byte)1), (1, 1), (2, 1)];

    /// <summary>Channels that are split, joined, sliced and shuffled, as in ShuffleNet and MixNet; two outputs.</summary>
    internal static TfliteFile Shuffled()
    {
        var file = new TfliteFile();
        int[] map = [1, 8, 8, 8];
        var x = Pointwise(file, "stem", file.Input(1, 8, 8, 4), (4, 8));
        var axis = file.Integers("axis", [], 3);
        var half = file.Parts(
            SPLIT,
            [axis, x],
            (
                "half",
                [
                    [1, 8, 8, 4],
                    [1, 8, 8, 4],
                ]
            ),
            (0, 2)
        );
        var right = Pointwise(file, "right", half[1], (4, 4));
        x = file.Operator(CONCATENATION, [half[0], right], ("joined", map), (0, 3));
        x = file.Operator(RELU, [x], ("relu", map));
        x = file.Operator(RESHAPE, [x, file.Integers("apart/to", [5], 1, 8, 8, 2, 4)], ("apart", [1, 8, 8, 2, 4]));
        x = file.Operator(TRANSPOSE, [x, file.Integers("order", [5], 0, 1, 2, 4, 3)], ("swapped", [1, 8, 8, 4, 2]));
        x = file.Operator(RESHAPE, [x, file.Integers("shuffled/to", [4], map)], ("shuffled", map));
        var (low, high) = (Range(file, x, 0, 3), Range(file, x, -5, 8));
        x = file.Operator(CONCATENATION, [high, low], ("mixed", map), (0, -1));
        var sizes = file.Integers("sizes", [3], 2, -1, 5); // 1 is left
        int[][] shapes =
        [
            [1, 8, 8, 2],
            [1, 8, 8, 1],
            [1, 8, 8, 5],
        ];
        var part = file.Parts(SPLIT_V, [x, sizes, axis], ("part", shapes), (0, 3));
        x = file.Operator(CONCATENATION, [part[2], part[0]], ("again", [1, 8, 8, 7]), (0, 3));
        x = file.Operator(MEAN, [x, file.Integers("axes", [2], 1, 2)], ("features", [1, 7]));
        var weights = file.Weights("dense", [5, 7], TestValues.Uniform(3, 35));
        file.Outputs = [file.Operator(FULLY_CONNECTED, [x, weights, -1], ("logits", [1, 5])), x];
        return file;
    }

    [Fact]
    public void Channels_are_split_joined_sliced_and_shuffled_and_all_outputs_are_there()
    {
        var graph = Read(Shuffled().Write()).Graph;
        Assert.Equal<FeatureShape>([new(1, 1, 5), new(1, 1, 7)], graph.Outputs);
        Assert.Equal(3, graph.Layers.OfType<ConcatLayer>().Count());
        // Two halves, a shuffle, two slices, two of the three parts.
        Assert.Equal(7, graph.Layers.OfType<SelectChannelsLayer>().Count());
        Assert.Equal(Activation.Relu, graph.Layers.OfType<ActivationLayer>().Single().Activation);
    }

    [Fact]
    public void Axes_sizes_and_bounds_are_checked()
    {
        var file = new TfliteFile();
        var x = file.Input(1, 4, 4, 6);
        (string, int[]) output = ("y", [1, 4, 4, 6]);
        var (axis, one, two) = (
            file.Integers("a", [], 3),
            file.Integers("one", [1], 1),
            file.Integers("two", [2], 1, 2)
        );
        file.AssertFault(file.Operator(CONCATENATION, [x, x], output, (0, 1)), "joins axis 1");
        file.AssertFault(file.Operator(CONCATENATION, [], output, (0, 3)), "is a constant");
        file.AssertFault(file.Operator(CONCATENATION, [x, x], output, (0, 3), (1, (byte)2)), "RELU_N1_TO_1");
        file.AssertFault(file.Operator(SPLIT, [two, x], output), "has 2 axes, expected one");
        file.AssertFault(file.Operator(SPLIT, [one, x], output), "splits axis 1");
        file.AssertFault(file.Operator(SPLIT_V, [x, two, axis], output), "do not add up");
        var twice = file.Integers("twice", [2], -1, -1);
        file.AssertFault(file.Operator(SPLIT_V, [x, twice, axis], output), "parts of [7, -1], which do not add up");
        file.AssertFault(file.Operator(TRANSPOSE, [x, two], output), "has perm [1, 2]");
        file.AssertFault(file.Operator(STRIDED_SLICE, [x, one, one, two], output), "slices with a step");
        file.AssertFault(file.Operator(STRIDED_SLICE, [x, one, one, one], output, (4, 1)), "takes one away");
    }

    [Fact]
    public void Mutated_files_are_read_or_refused() =>
        Assert.InRange(Mutation.Run([Shuffled().Write()], 2000, file => Read(file)), 1, 1999);

    private static int Pointwise(TfliteFile file, string name, int input, (int Inputs, int Outputs) channels)
    {
        var (inputs, outputs) = channels;
        var weights = file.Weights($"{name}/w", [outputs, 1, 1, inputs], TestValues.Uniform(1, inputs * outputs));
        var bias = file.Weights($"{name}/b", [outputs], TestValues.Uniform(2, outputs));
        return file.Operator(CONV_2D, [input, weights, bias], (name, [1, 8, 8, outputs]), _strideOne);
    }

    private static int Range(TfliteFile file, int input, int from, int to)
    {
        int Bound(string name, int value) => file.Integers($"{name}{from}", [4], 0, 0, 0, value);
        var steps = file.Integers($"step{from}", [4], 1, 1, 1, 1);
        int[] shape = [1, 8, 8, from < 0 ? -from : to];
        int[] inputs = [input, Bound("from", from), Bound("to", to), steps];
        return file.Operator(STRIDED_SLICE, inputs, ($"range{from}", shape), (0, 7), (1, 7));
    }

    private static Model Read(byte[] content) => TfliteFile.Read(content);
}
