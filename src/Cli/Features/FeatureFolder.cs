using ILGpuMobileNet.Host.Features;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Cli.Features;

/// <summary>A file for every picture and feature: <c>cat.png.stride16.npy</c>.</summary>
internal sealed class FeatureFolder : IFeatureFiles
{
    private readonly string _folder;
    private readonly List<string> _endings;
    private int _count;

    /// <summary>Creates the folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="pictures">All pictures.</param>
    /// <param name="features">The features.</param>
    /// <exception cref="ArgumentException">Two pictures would have the same files.</exception>
    /// <exception cref="IOException">The folder cannot be created.</exception>
    public FeatureFolder(string folder, IEnumerable<string> pictures, IEnumerable<FeatureSource> features)
    {
        var twice = pictures
            .GroupBy(picture => Path.GetFileName(picture), StringComparer.OrdinalIgnoreCase)
            .FirstOrDefault(group => group.Count() > 1);
        if (twice is not null)
        {
            throw new ArgumentException(
                $"{string.Join(" and ", twice.Take(2))} have one name, so that their files in {folder} would be the same. "
                    + "Name a file .npy as --output, which holds all, or run the command for each folder."
            );
        }
        (_folder, _endings) = (folder, [.. features.Select(feature => $".{FileName(feature.Name)}.npy")]);
        Directory.CreateDirectory(folder);
    }

    /// <inheritdoc/>
    public string Summary => $"{_folder}: {_count} {(_count == 1 ? "file" : "files")}";

    /// <inheritdoc/>
    public void Add(FeatureResult result)
    {
        foreach (var (ending, values) in _endings.Zip(result.Features))
        {
            Npy.Write(Path.Combine(_folder, Path.GetFileName(result.File) + ending), values);
            _count++;
        }
    }

    /// <inheritdoc/>
    public void Finish() { }

    // Names of layers come from files of strangers, with slashes and dots.
    private static string FileName(string feature) =>
        string.Concat(
            feature.Select(letter => char.IsLetterOrDigit(letter) || letter is '.' or '-' or '_' ? letter : '_')
        );
}
