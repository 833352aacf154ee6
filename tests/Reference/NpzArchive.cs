using System.IO.Compression;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Reference;

/// <summary>Writes .npz files, as <c>numpy.savez</c> does.</summary>
public static class NpzArchive
{
    /// <summary>Writes arrays in their order.</summary>
    /// <param name="path">The file.</param>
    /// <param name="arrays">Names and arrays.</param>
    public static void Write(string path, params (string Name, Tensor Values)[] arrays)
    {
        using var archive = ZipFile.Open(path, ZipArchiveMode.Create);
        var temporary = $"{path}.part";
        foreach (var (name, values) in arrays)
        {
            Npy.Write(temporary, values);
            archive.CreateEntryFromFile(temporary, $"{name}.npy", CompressionLevel.NoCompression);
        }
        File.Delete(temporary);
    }
}
