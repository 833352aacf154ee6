using System.Collections.Immutable;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Onnx;

namespace ILGpuMobileNet.Network.Weights;

/// <summary>
/// An open file of named tensors, whatever its format. Its list of tensors is read and checked when it is opened; their
/// elements only when they are asked for, so that a large file costs no memory to look into. Several threads may read.
/// </summary>
public abstract class WeightFile : IDisposable
{
    private bool _isDisposed;

    private protected WeightFile(string path, WeightFormat format)
    {
        Path = path;
        Format = format;
    }

    /// <summary>Path of the file; stands in every error.</summary>
    public string Path { get; }

    /// <summary>What kind of file it is.</summary>
    public WeightFormat Format { get; }

    /// <summary>Its tensors in the order of the file.</summary>
    public abstract ImmutableArray<StoredTensor> Tensors { get; }

    /// <summary>What the file says about itself beside its tensors, for example safetensors' <c>__metadata__</c>.</summary>
    public abstract ImmutableDictionary<string, string> Metadata { get; }

    /// <summary>Reads a tensor as float32, in the file's own order of axes.</summary>
    /// <param name="name">One of the <see cref="Tensors"/>.</param>
    /// <param name="cancellationToken">Ends the reading early.</param>
    /// <exception cref="KeyNotFoundException">The file has no tensor of this name.</exception>
    /// <exception cref="ModelFormatException">Its elements are no weights (integers without a scale), damaged, or cut off meanwhile.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="ObjectDisposedException">The file was closed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public Tensor Read(string name, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        try
        {
            return ReadTensor(name, cancellationToken);
        }
        catch (EndOfStreamException fault)
        {
            throw ModelFile.CutOff(Path, name, fault);
        }
    }

    /// <summary>Reads every tensor but PyTorch's counters, each under its own name.</summary>
    /// <param name="cancellationToken">Ends the reading early.</param>
    /// <exception cref="ModelFormatException">A tensor's elements are no weights or damaged.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="ObjectDisposedException">The file was closed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public WeightSet ReadAll(CancellationToken cancellationToken = default)
    {
        var tensors = ImmutableDictionary.CreateBuilder<string, Tensor>(StringComparer.Ordinal);
        foreach (var stored in Tensors.Where(tensor => !tensor.IsCounter))
        {
            tensors.Add(stored.Name, Read(stored.Name, cancellationToken));
        }
        return new(Path, tensors.ToImmutable());
    }

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            Close();
        }
        GC.SuppressFinalize(this);
    }

    /// <summary>
    /// Whether a tensor that has no weight's name may be left out, as the numbers in a graph are that are no weights:
    /// bounds of activations, shapes, ratios.
    /// </summary>
    /// <param name="tensor">One of the <see cref="Tensors"/>.</param>
    internal virtual bool IsOperand(StoredTensor tensor) => false;

    /// <summary>What the file's operators compute, read without its weights; null for a file of tensors alone.</summary>
    /// <param name="open">Rows and columns of the input where the file leaves them open.</param>
    /// <param name="cancellationToken">Ends the reading early.</param>
    /// <exception cref="ModelFormatException">The operators contradict each other, or are for another version.</exception>
    internal virtual FileComputation? ReadComputation(Extent open, CancellationToken cancellationToken) => null;

    /// <summary>Checks without reading it that a tensor's elements are weights.</summary>
    /// <param name="tensor">One of the <see cref="Tensors"/>.</param>
    /// <exception cref="ModelFormatException">They are no floating-point numbers.</exception>
    internal virtual void CheckElements(StoredTensor tensor)
    {
        if (!Elements.AreWeights(tensor.Type))
        {
            throw new ModelFormatException(
                Path,
                $"tensor '{tensor.Name}' has elements of type {tensor.Type}, expected F32, F16, BF16 or F64.",
                "Save the weights as floating-point numbers."
            );
        }
    }

    private protected abstract Tensor ReadTensor(string name, CancellationToken cancellationToken);

    private protected abstract void Close();
}
