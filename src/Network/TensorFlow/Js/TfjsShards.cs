using System.Collections.Immutable;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Network.TensorFlow;

/// <summary>The shards of one group of weights: files that count as one, each opened only while it is read.</summary>
internal sealed class TfjsShards
{
    private readonly ImmutableArray<Shard> _shards;

    /// <summary>Looks up the shards without opening them.</summary>
    /// <param name="group">A group of the manifest.</param>
    /// <param name="files">The files that were looked up already, by what manifests call them.</param>
    /// <exception cref="ModelFormatException">A shard is missing, or its path leaves the folder.</exception>
    public TfjsShards(TfjsObject group, Dictionary<string, FileInfo> files)
    {
        var shards = ImmutableArray.CreateBuilder<Shard>();
        foreach (var name in group.OptionalTexts("paths"))
        {
            if (!files.TryGetValue(name, out var file))
            {
                file = Locate(group, name);
                files.Add(name, file);
            }
            shards.Add(new(file.FullName, SizeInBytes, file.Length));
            SizeInBytes += file.Length;
        }
        _shards = shards.ToImmutable();
    }

    /// <summary>Bytes of all shards together.</summary>
    public long SizeInBytes { get; }

    /// <summary>Reads bytes, from as many shards as they lie in.</summary>
    /// <param name="offset">The first byte.</param>
    /// <param name="destination">Filled completely; within <see cref="SizeInBytes"/>.</param>
    /// <param name="cancellationToken">Ends the reading early.</param>
    /// <exception cref="IOException">A shard cannot be read.</exception>
    public void Read(long offset, Span<byte> destination, CancellationToken cancellationToken)
    {
        foreach (var shard in _shards)
        {
            var begin = offset - shard.Start;
            if (destination.IsEmpty || begin >= shard.Size)
            {
                continue;
            }
            var part = destination[..(int)Math.Min(destination.Length, shard.Size - begin)];
            using var stream = ModelFile.Open(shard.Path);
            stream.Position = begin;
            ModelFile.Fill(stream, part, cancellationToken);
            destination = destination[part.Length..];
            offset += part.Length;
        }
    }

    /// <summary>A shard is a plain file beside <c>model.json</c>: the manifest of a stranger reaches nothing else.</summary>
    private static FileInfo Locate(TfjsObject group, string name)
    {
        // TensorFlow.js itself writes ./ before the name.
        var plain = name.StartsWith("./", StringComparison.Ordinal) ? name[2..] : name;
        var isPlain = plain is not ("" or "." or "..") && !plain.AsSpan().ContainsAny("/\\:\0");
        if (!isPlain)
        {
            throw group.Fault($"has the shard '{name}', expected the name of a file in the folder of model.json.");
        }
        var folder = Path.GetDirectoryName(Path.GetFullPath(group.Source))!;
        var file = new FileInfo(Path.Combine(folder, plain));
        if (!file.Exists)
        {
            throw new ModelFormatException(
                group.Source,
                $"the shard '{name}' is missing.",
                "Put all files of the model into one folder."
            );
        }
        var target = ModelFile.Target(file.FullName);
        return Path.GetDirectoryName(target.FullName) == folder
            ? target
            : throw group.Fault($"has the shard '{name}', a link that leaves the folder of model.json.");
    }

    private readonly record struct Shard(string Path, long Start, long Size);
}
