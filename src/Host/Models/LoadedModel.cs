using ILGpuMobileNet.Host.Images;
using ILGpuMobileNet.Network;
using ILGpuMobileNet.Network.Graph;

namespace ILGpuMobileNet.Host;

/// <summary>A network with everything that its use needs.</summary>
/// <param name="Name">Name of the architecture, of the trained model, or the path of the file.</param>
/// <param name="Model">The network and its weights.</param>
/// <param name="Preprocessing">How images become its inputs.</param>
/// <param name="Labels">Names of its classes, where they are known.</param>
public sealed record LoadedModel(string Name, Model Model, Preprocessing Preprocessing, Labels? Labels)
{
    /// <summary>Whether its output is scores already, not logits.</summary>
    public bool EndsInSoftmax => Model.Graph.Layers[Model.Graph.OutputId - 1] is SoftmaxLayer;
}
