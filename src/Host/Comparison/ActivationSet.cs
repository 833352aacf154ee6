using System.Collections.Immutable;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Host.Comparison;

/// <summary>One side of a comparison: what the layers of a network gave, in the order in which they ran.</summary>
public abstract class ActivationSet : IDisposable
{
    /// <summary>Name of the array that holds the images the network read.</summary>
    public const string InputName = "input";

    private protected ActivationSet(string name) => Name = name;

    /// <summary>What it is: a network with its device, or a file.</summary>
    public string Name { get; }

    /// <summary>Its arrays.</summary>
    public abstract ImmutableArray<ActivationEntry> Entries { get; }

    /// <summary>Whether the names are those of a network's layers, so that the order is the network's too.</summary>
    internal abstract bool IsNetwork { get; }

    /// <summary>The elements of an array, in the order of its axes.</summary>
    /// <param name="name">Name of one of the <see cref="Entries"/>.</param>
    /// <param name="cancellationToken">Ends the reading early.</param>
    /// <exception cref="ModelFormatException">The file is damaged.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public abstract ReadOnlyMemory<float> Read(string name, CancellationToken cancellationToken = default);

    /// <summary>Closes the file, where there is one.</summary>
    public void Dispose()
    {
        Close();
        GC.SuppressFinalize(this);
    }

    private protected virtual void Close() { }
}
