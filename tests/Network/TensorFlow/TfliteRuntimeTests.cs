using ILGpuMobileNet.Network.Execution;
using ILGpuMobileNet.Network.Weights;
using ILGpuMobileNet.Reference;
using ILGpuMobileNet.Reference.Operations;
using static ILGpuMobileNet.Network.TensorFlow.TfliteOperatorCode;

namespace ILGpuMobileNet.Network.Tests.TensorFlow;

/// <summary>Files that these tests write, and one of TensorFlow's converter, run by TensorFlow Lite's own runtime and here.</summary>
public sealed class TfliteRuntimeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, bool> Files => TfliteTests.Files;

    public void Dispose() => _folder.Dispose();

    [SkippableTheory]
    [MemberData(nameof(Files))]
    public void A_network_gives_what_TensorFlow_Lite_gives(string name, bool isHalf)
    {
        var model = TfliteTests.Networks.Single(network => network.Graph.Name == name);
        AssertSame(TfliteWriter.Write(model, isHalf));
    }

    [SkippableFact]
    public void Moved_channels_are_those_of_TensorFlow_Lite() => AssertSame(TfliteChannelTests.Shuffled().Write());

    [SkippableFact]
    public void Bounds_sums_of_several_and_flattened_maps_are_those_of_TensorFlow_Lite() =>
        AssertSame(Bounded().Write());

    // MediaPipe's detector: a MobileNetV2 with float16 weights and two heads.
    [SkippableFact]
    public void A_file_of_TensorFlows_converter_gives_what_TensorFlow_Lite_gives()
    {
        var path = Repository.PathOf("models", "objectron-chair.tflite");
        Skip.IfNot(File.Exists(path), $"{path} is not there; 'eng/fetch-model objectron-chair' fetches it.");
        AssertSame(File.ReadAllBytes(path));
    }

    /// <summary>ReLU6 and hard-swish by their bounds, a sum of three, and a map that a linear layer reads.</summary>
    private static TfliteFile Bounded()
    {
        var file = new TfliteFile();
        int[] map = [1, 4, 5, 6];
        var x = file.Input(map);
        int Clipped(string name, int value)
        {
            var (zero, six) = (file.Weights($"{name}/0", [], [0]), file.Weights($"{name}/6", [1], [6]));
            var above = file.Operator(MAXIMUM, [value, zero], ($"{name}/max", map));
            return file.Operator(MINIMUM, [six, above], (name, map));
        }
        var ten = file.Operator(MUL, [x, file.Weights("ten", [1], [10])], ("times_ten", map));
        var low = Clipped("relu6", ten);
        var shifted = Clipped("shifted", file.Operator(ADD, [x, file.Weights("three", [], [3])], ("plus_three", map)));
        var product = file.Operator(MUL, [x, shifted], ("product", map));
        var swish = file.Operator(MUL, [product, file.Weights("sixth", [], [1f / 6])], ("swish", map));
        var sum = file.Operator(ADD_N, [low, swish, x], ("sum", map));
        var weights = file.Weights("dense", [3, 120], TestValues.Uniform(3, 360));
        file.Outputs = [file.Operator(FULLY_CONNECTED, [sum, weights, -1], ("logits", [1, 3]))];
        return file;
    }

    private void AssertSame(byte[] file)
    {
        Skip.IfNot(TflitePeer.IsInstalled, TflitePeer.Missing);
        var model = TfliteFile.Read(file);
        var input = TestValues.Uniform(1, model.Graph.Input.ElementCount);
        var outputs = model.Graph.Outputs.Select(shape => new float[shape.ElementCount].AsMemory()).ToArray();
        using var session = new CpuSession(model, new(1));
        session.Run(input, outputs, 1);
        var expected = Expected(file, new Tensor([1, .. Axes(model)], input), outputs.Length);
        foreach (var (wanted, actual) in expected.Zip(outputs))
        {
            Assert.InRange(Closeness.RelativeError(wanted, actual.ToArray()), 0, 1e-4);
        }
    }

    private static int[] Axes(Model model) =>
        [model.Graph.Input.Height, model.Graph.Input.Width, model.Graph.Input.Channels];

    private List<double[]> Expected(byte[] file, Tensor input, int outputCount)
    {
        var (path, images) = (_folder.PathOf("x.tflite"), _folder.PathOf("x.npy"));
        File.WriteAllBytes(path, file);
        Npy.Write(images, input);
        var outputs = Enumerable.Range(0, outputCount).Select(i => _folder.PathOf($"{i}.npy")).ToArray();
        TflitePeer.Run(path, images, outputs);
        return [.. outputs.Select(output => Npy.Read(output).Data.ToArray().Select(value => (double)value).ToArray())];
    }
}
