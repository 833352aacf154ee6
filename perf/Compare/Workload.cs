using ILGpuMobileNet.Host;
using ILGpuMobileNet.Network;
using ILGpuMobileNet.Network.Architectures;
using ILGpuMobileNet.Network.Weights;
using ILGpuMobileNet.Reference.Onnx;

namespace ILGpuMobileNet.Benchmarks.Compare;

/// <summary>A network with formula weights, and a batch of formula images.</summary>
internal sealed class Workload
{
    public Workload(string network, int batch)
        : this(network, new(), batch) { }

    public Workload(string network, ArchitectureOptions options, int batch)
    {
        var graph = ArchitectureCatalog.Get(network).Build(options);
        Model = new(graph, WeightFormula.Create(graph, 1));
        Images = new float[batch * graph.Input.ElementCount];
        WeightFormula.Fill("input", 1, Images, 2, -1);
    }

    /// <summary>The network.</summary>
    public Model Model { get; }

    /// <summary><c>[N, H, W, C]</c>.</summary>
    public float[] Images { get; }

    /// <summary>Writes the network as an ONNX file.</summary>
    /// <param name="folder">Where.</param>
    /// <returns>The file's path.</returns>
    public string WriteModel(string folder)
    {
        var path = Path.Combine(folder, "model.onnx");
        File.WriteAllBytes(path, OnnxWriter.Write(Model, new(Opset: 17)));
        return path;
    }

    /// <summary>Writes the images as a NumPy file, <c>[N, C, H, W]</c>.</summary>
    /// <param name="folder">Where.</param>
    /// <returns>The file's path.</returns>
    public string WriteImages(string folder)
    {
        var path = Path.Combine(folder, "images.npy");
        var shape = Model.Graph.Input;
        var planar = new float[Images.Length];
        ChannelLayout.ToChannelsFirst(Images, shape, planar);
        var count = (int)(Images.Length / shape.ElementCount);
        Npy.Write(path, new([count, shape.Channels, shape.Height, shape.Width], planar));
        return path;
    }
}
