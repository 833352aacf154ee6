using System.Collections.Immutable;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Host;

/// <summary>What a file is: its format, its tensors or operators, what they fit, and what is known about the weights.</summary>
public sealed record FileInspection
{
    /// <summary>Path of the file.</summary>
    public required string File { get; init; }

    /// <summary>Its size.</summary>
    public required long SizeInBytes { get; init; }

    /// <summary>SHA-256 of its content, in hexadecimal digits.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Its format; null where it is of none that is known.</summary>
    public WeightFormat? Format { get; init; }

    /// <summary>Why it cannot be used; null where it can.</summary>
    public string? Refusal { get; init; }

    /// <summary>Its tensors, in the order of the file; of a graph those of known types.</summary>
    public ImmutableArray<StoredTensor> Tensors { get; init; } = [];

    /// <summary>The networks that the tensors fit, best first; of a graph only those that fit exactly.</summary>
    public ImmutableArray<WeightFit> Fits { get; init; } = [];

    /// <summary>The model as <see cref="ModelSource.Load"/> would have it; null where it cannot be used.</summary>
    public ModelFacts? Model { get; init; }

    /// <summary>The operators of a graph.</summary>
    public GraphOperators? Graph { get; init; }
}

/// <summary>The operators of a file with a graph.</summary>
/// <param name="Opset">Version of ONNX's operator set, 0 where an ONNX file names none; null in other formats.</param>
/// <param name="Counts">How often each operator occurs.</param>
public sealed record GraphOperators(long? Opset, IReadOnlyDictionary<string, int> Counts);
