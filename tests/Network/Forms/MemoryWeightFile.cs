using System.Collections.Immutable;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Network.Tests.Forms;

/// <summary>A weight file in memory, whose tensors are made when they are read.</summary>
internal sealed class MemoryWeightFile : WeightFile
{
    private readonly ImmutableArray<(StoredTensor Tensor, Func<Tensor> Read)> _tensors;

    public MemoryWeightFile(
        string path,
        IEnumerable<(string Name, ImmutableArray<int> Shape, Func<Tensor> Read)> tensors
    )
        : base(path, WeightFormat.Safetensors)
    {
        _tensors = [.. tensors.Select(t => (new StoredTensor(t.Name, t.Shape, ElementType.F32), t.Read))];
        Tensors = [.. _tensors.Select(tensor => tensor.Tensor)];
    }

    public override ImmutableArray<StoredTensor> Tensors { get; }

    public override ImmutableDictionary<string, string> Metadata => ImmutableDictionary<string, string>.Empty;

    /// <summary>Tensors of zeros.</summary>
    public static MemoryWeightFile Zeros(string path, params IEnumerable<(string Name, int[] Shape)> tensors) =>
        new(
            path,
            tensors.Select(tensor =>
                (
                    tensor.Name,
                    tensor.Shape.ToImmutableArray(),
                    (Func<Tensor>)(() => new([.. tensor.Shape], new float[tensor.Shape.Aggregate(1, (a, b) => a * b)]))
                )
            )
        );

    /// <summary>The same file with other tensors.</summary>
    public MemoryWeightFile With(
        Func<(string Name, ImmutableArray<int> Shape), IEnumerable<(string Name, ImmutableArray<int> Shape)>> change
    ) =>
        new(
            Path,
            _tensors.SelectMany(tensor =>
                change((tensor.Tensor.Name, tensor.Tensor.Shape))
                    .Select(changed => (changed.Name, changed.Shape, tensor.Read))
            )
        );

    private protected override Tensor ReadTensor(string name, CancellationToken cancellationToken) =>
        _tensors.First(tensor => tensor.Tensor.Name == name).Read();

    private protected override void Close() { }
}
