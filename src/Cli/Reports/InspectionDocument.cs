using ILGpuMobileNet.Host;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Cli.Reports;

/// <summary>What <c>inspect --json</c> prints.</summary>
/// <param name="File">The file.</param>
/// <param name="Format">Its format, or null.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">Hash of its content.</param>
/// <param name="Usable">Whether it can be used as a model without any other option.</param>
/// <param name="Refusal">Why not, or null.</param>
/// <param name="TensorCount">Number of tensors.</param>
/// <param name="ElementTypes">How many tensors there are of each type.</param>
/// <param name="Model">What it is as a model, or null.</param>
/// <param name="Nearest">The network that fits best where none fits exactly, or null.</param>
/// <param name="Opset">ONNX's operator set, or null.</param>
/// <param name="Operators">How often each operator of a graph occurs, or null.</param>
/// <param name="Tensors">Every tensor where they were asked for, or null.</param>
internal sealed record InspectionDocument(
    string File,
    string? Format,
    long Bytes,
    string Sha256,
    bool Usable,
    string? Refusal,
    int TensorCount,
    IReadOnlyDictionary<string, int> ElementTypes,
    InspectedModel? Model,
    NearestNetwork? Nearest,
    long? Opset,
    IReadOnlyDictionary<string, int>? Operators,
    IReadOnlyList<InspectedTensor>? Tensors
)
{
    /// <summary>The document of an inspection.</summary>
    /// <param name="inspection">What the file is.</param>
    /// <param name="withTensors">Whether every tensor is listed.</param>
    public static InspectionDocument Of(FileInspection inspection, bool withTensors) =>
        new(
            inspection.File,
            inspection.Format?.ToString(),
            inspection.SizeInBytes,
            inspection.Sha256,
            inspection.Model is not null,
            inspection.Refusal,
            inspection.Tensors.Length,
            inspection.Tensors.CountBy(tensor => tensor.Type).ToDictionary(type => $"{type.Key}", type => type.Value),
            inspection.Model is { } model ? InspectedModel.Of(model) : null,
            inspection.Model is null && inspection.Fits is [var fit, ..] ? NearestNetwork.Of(fit) : null,
            inspection.Graph?.Opset,
            inspection.Graph?.Counts,
            withTensors ? [.. inspection.Tensors.Select(InspectedTensor.Of)] : null
        );
}

/// <summary>A tensor of <see cref="InspectionDocument"/>.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Shape">Its axes.</param>
/// <param name="Dtype">Type of its elements.</param>
internal sealed record InspectedTensor(string Name, IReadOnlyList<int> Shape, string Dtype)
{
    /// <summary>The entry of a tensor.</summary>
    /// <param name="tensor">The tensor.</param>
    public static InspectedTensor Of(StoredTensor tensor) => new(tensor.Name, tensor.Shape, tensor.Type.ToString());
}

/// <summary>The network that a file nearly fits, in <see cref="InspectionDocument"/>.</summary>
/// <param name="Network">Architecture, form and variant.</param>
/// <param name="Missing">Tensors that it needs.</param>
/// <param name="Misshaped">Tensors of another shape.</param>
/// <param name="Unused">Tensors that it does not use.</param>
internal sealed record NearestNetwork(
    string Network,
    IReadOnlyList<string> Missing,
    IReadOnlyList<string> Misshaped,
    IReadOnlyList<string> Unused
)
{
    /// <summary>The entry of a fit.</summary>
    /// <param name="fit">The fit.</param>
    public static NearestNetwork Of(WeightFit fit) => new(fit.ToString(), fit.Missing, fit.Misshaped, fit.Unused);
}

/// <summary>What a file is as a model, in <see cref="InspectionDocument"/>.</summary>
/// <param name="Architecture">The architecture, or null for a graph that has neither the names nor the convolutions of any.</param>
/// <param name="Ecosystem">Whose form of it, or null where that is not known.</param>
/// <param name="Width">Width multiplier, or null.</param>
/// <param name="Classes">Number of classes, or null.</param>
/// <param name="ReducedTail">Whether the last stage has half the channels.</param>
/// <param name="Deviations">What a graph's operators compute otherwise, with both sides.</param>
/// <param name="Input">Height, width and channels of the input.</param>
/// <param name="Output">Height, width and channels of the output.</param>
/// <param name="Numerics">Epsilon, padding, gate and what RE is, as far as the network has them, in words, or null for a graph.</param>
/// <param name="ForcedNumerics">Items of them that a converted file was forced to have, with both sides.</param>
/// <param name="Pictures">Preprocessing in words.</param>
/// <param name="Contract">Name of the contract, or null.</param>
/// <param name="Evidence">How it is known.</param>
/// <param name="HasLabels">Whether the names of the classes are known.</param>
/// <param name="Assumptions">What was taken for granted.</param>
internal sealed record InspectedModel(
    string? Architecture,
    string? Ecosystem,
    double? Width,
    int? Classes,
    bool ReducedTail,
    IReadOnlyList<string> Deviations,
    IReadOnlyList<int> Input,
    IReadOnlyList<int> Output,
    string? Numerics,
    IReadOnlyList<string> ForcedNumerics,
    string Pictures,
    string? Contract,
    string Evidence,
    bool HasLabels,
    IReadOnlyList<string> Assumptions
)
{
    /// <summary>The entry of a model.</summary>
    /// <param name="model">The model.</param>
    public static InspectedModel Of(ModelFacts model) =>
        new(
            model.Architecture,
            model.Ecosystem,
            model.Width,
            model.Classes,
            model.ReducedTail,
            model.Deviations,
            [model.Input.Height, model.Input.Width, model.Input.Channels],
            [model.Output.Height, model.Output.Width, model.Output.Channels],
            model.Numerics is { } numerics ? InspectionReport.Words(numerics) : null,
            model.ForcedNumerics,
            InspectionReport.Words(model.Preprocessing),
            model.Contract,
            ItemText.Of(model.Evidence),
            model.HasLabels,
            model.Assumptions
        );
}
