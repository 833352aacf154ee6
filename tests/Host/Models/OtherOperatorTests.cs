using ILGpuMobileNet.Network.Architectures;
using ILGpuMobileNet.Network.Weights;
using ILGpuMobileNet.Reference;
using ILGpuMobileNet.Reference.Onnx;

namespace ILGpuMobileNet.Host.Tests.Models;

/// <summary>ONNX files as weights, with an operator in them that no network here has.</summary>
public sealed class OtherOperatorTests : IDisposable
{
    private const string Network = "mobilenet_v2";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("Add", 3, "Max", "reads a sum, but in the file ")]
    [InlineData("Add", 3, "Min", "reads a sum, but in the file ")]
    [InlineData("Add", 3, "Sub", "reads a sum, but in the file ")]
    [InlineData("Clip", 0, "Tanh", "reads relu6, but in the file ")]
    [InlineData("Clip", 34, "Sqrt", "reads relu6, but in the file ")]
    public void Is_a_difference(string type, int index, string other, string fault)
    {
        var options = new ModelOptions { Model = Network, Weights = Write(type, index, other) };

        var error = Assert.Throws<ModelFormatException>(() => ModelSource.Load(options)).Message;

        Assert.Contains(fault, error, StringComparison.Ordinal);
        Assert.Contains($"({other})", error, StringComparison.Ordinal);
    }

    // A file of the network, in which a node has another type of as many letters.
    private string Write(string type, int index, string other)
    {
        var graph = ArchitectureCatalog.Get(Network).Build(new() { Classes = 5 });
        var path = _folder.PathOf("net.onnx");
        var named = graph.WithNamesOf(Network, "torchvision");
        var content = OnnxWriter.Write(new(named, WeightFormula.Create(named, 1)), new());
        var text = System.Text.Encoding.Latin1.GetString(content);
        var field = $"\"{(char)type.Length}{type}";
        var place = text.IndexOf(field, StringComparison.Ordinal);
        for (; index > 0; index--)
        {
            place = text.IndexOf(field, place + 1, StringComparison.Ordinal);
        }
        var changed = text.Remove(place + 2, other.Length).Insert(place + 2, other);
        File.WriteAllBytes(path, System.Text.Encoding.Latin1.GetBytes(changed));
        return path;
    }
}
