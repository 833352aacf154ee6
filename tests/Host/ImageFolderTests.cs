using ILGpuMobileNet.Reference;

namespace ILGpuMobileNet.Host.Tests;

public sealed class ImageFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public ImageFolderTests()
    {
        foreach (
            var name in new[] { "b.png", "a.JPG", "C.ppm", "notes.txt", ".b.png", "inner/d.bmp", "inner/deep/e.jpeg" }
        )
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_folder.PathOf(name))!);
            _folder.Write(name, "");
        }
        Directory.CreateSymbolicLink(_folder.PathOf("inner/circle"), _folder.Folder);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_folder_stands_for_its_images_in_ordinal_order() =>
        Assert.Equal(["C.ppm", "a.JPG", "b.png"], Names([_folder.Folder], recursive: false));

    [Fact]
    public void Recursion_reaches_inner_folders_once_even_through_a_circle() =>
        Assert.Equal(
            ["C.ppm", "a.JPG", "b.png", "inner/d.bmp", "inner/deep/e.jpeg"],
            Names([_folder.Folder], recursive: true)
        );

    [Fact]
    public void Files_and_missing_paths_stay_as_they_are_and_in_order()
    {
        string[] paths = ["missing.png", _folder.PathOf("notes.txt")];

        Assert.Equal(paths, ImageFolder.Enumerate(paths, recursive: true));
    }

    [SkippableFact]
    public void A_name_that_is_no_text_is_an_error_and_not_the_name_of_another_file()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Names are bytes on Linux alone.");
        Run("touch \"$1/$(printf '\\377').png\" \"$1/$(printf '\\376').png\"");

        var fault = Assert.Throws<IOException>(() => Names([_folder.Folder], recursive: false).ToList());

        Assert.Contains("not UTF-8", fault.Message, StringComparison.Ordinal);
        Run("rm \"$1\"/*.png"); // .NET can name them neither for this

        void Run(string script)
        {
            using var process = System.Diagnostics.Process.Start("sh", ["-c", script, "sh", _folder.Folder]);
            process.WaitForExit();
        }
    }

    private IEnumerable<string> Names(string[] paths, bool recursive) =>
        ImageFolder.Enumerate(paths, recursive).Select(path => Path.GetRelativePath(_folder.Folder, path));
}
