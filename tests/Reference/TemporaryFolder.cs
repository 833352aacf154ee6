using System.Diagnostics;
using System.Text;

namespace ILGpuMobileNet.Reference;

/// <summary>A folder that is there for one test.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public TemporaryFolder() => Folder = Directory.CreateTempSubdirectory("mobilenet-test-").FullName;

    public string Folder { get; }

    public string PathOf(string name) => Path.Combine(Folder, name);

    public string Write(string name, string text)
    {
        File.WriteAllText(PathOf(name), text);
        return PathOf(name);
    }

    /// <summary>Writes a binary PNM of random colours.</summary>
    public string WriteImage(string name, int seed, int width = 40, int height = 30)
    {
        var pixels = new byte[3 * width * height];
        new Random(seed).NextBytes(pixels);
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(name))!);
        File.WriteAllBytes(PathOf(name), [.. Encoding.ASCII.GetBytes($"P6 {width} {height} 255\n"), .. pixels]);
        return PathOf(name);
    }

    /// <summary>Makes a pipe that has a name, as there are none in the folders of Windows.</summary>
    public string MakePipe(string name)
    {
        using var make = Process.Start("mkfifo", [PathOf(name)]);
        make.WaitForExit();
        return PathOf(name);
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
