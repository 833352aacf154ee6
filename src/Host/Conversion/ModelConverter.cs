using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Host;

/// <summary>
/// Writes weights as a safetensors file that describes itself: architecture, form, numerics, preprocessing, contract and
/// labels stand in its metadata, the tensors have this library's names and layout and are not folded.
/// </summary>
public static class ModelConverter
{
    /// <summary>Writes a model's weights. As F32 the file computes the same bits as the model.</summary>
    /// <param name="model">An architecture's model, from <see cref="ModelSource.Load"/>.</param>
    /// <param name="path">The file to write; it is there whole or not at all.</param>
    /// <param name="type"><see cref="ElementType.F32"/>, or <see cref="ElementType.F16"/> to round to half the size.</param>
    /// <param name="labels">Names of the classes in place of the model's; null for the model's.</param>
    /// <exception cref="ArgumentException">Another type, or a preprocessing that no picture can be prepared by.</exception>
    /// <exception cref="ModelFormatException">
    /// The model is a graph (ONNX), whose operators a file of tensors cannot hold, or a weight is too large for float16.
    /// </exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">Writing the file is not allowed.</exception>
    public static void Write(LoadedModel model, string path, ElementType type = ElementType.F32, Labels? labels = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        var description =
            model.Description
            ?? throw new ModelFormatException(
                model.Name,
                "it is a graph, whose operators a file of tensors cannot hold.",
                "Use the graph itself as the model, or convert the weights that it was exported from."
            );
        model.Preprocessing.Check();
        var metadata = (description with { Labels = labels ?? description.Labels }).ToMetadata();
        Safetensors.Write(path, model.Model.Weights, metadata, type);
    }
}
