using System.Collections.Immutable;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Host.Comparison;

/// <summary>
/// What the layers of a network gave in another program, recorded into a NumPy <c>.npz</c> file: an array for each
/// layer, under the layer's name where the other program has the same names, in the order in which they ran.
/// </summary>
public sealed class RecordedActivations : ActivationSet
{
    private readonly NpzFile _file;

    private RecordedActivations(NpzFile file, ImmutableArray<ActivationEntry> entries)
        : base(file.Path)
    {
        _file = file;
        Entries = entries;
    }

    /// <inheritdoc/>
    public override ImmutableArray<ActivationEntry> Entries { get; }

    internal override bool IsNetwork => false;

    /// <summary>Opens a recording. No more than one array is in memory at a time.</summary>
    /// <param name="path">The file.</param>
    /// <param name="cancellationToken">Ends the reading early.</param>
    /// <exception cref="ModelFormatException">It is no <c>.npz</c> file, damaged, or holds other than float arrays.</exception>
    /// <exception cref="IOException">It is missing or cannot be read.</exception>
    public static RecordedActivations Open(string path, CancellationToken cancellationToken = default)
    {
        var file = NpzFile.Open(path, cancellationToken);
        try
        {
            return new(file, [.. file.Names.Select(name => EntryOf(file, name, cancellationToken))]);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override ReadOnlyMemory<float> Read(string name, CancellationToken cancellationToken = default) =>
        _file.Read(name, cancellationToken).Data;

    private protected override void Close() => _file.Dispose();

    private static ActivationEntry EntryOf(NpzFile file, string name, CancellationToken cancellationToken) =>
        new(name, file.Read(name, cancellationToken).Shape);
}
