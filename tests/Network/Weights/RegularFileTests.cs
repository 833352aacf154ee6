using System.Net.Sockets;
using ILGpuMobileNet.Network.Onnx;
using ILGpuMobileNet.Network.Weights;
using ILGpuMobileNet.Reference;

namespace ILGpuMobileNet.Network.Tests.Weights;

public sealed class RegularFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, string> Others =>
        new()
        {
            { "pipe", "a pipe" },
            { "link to a pipe", "a pipe" },
            { "socket", "a socket" },
            { "/dev/zero", "a device" },
            { "link to a folder", "a folder" },
            { "folder", "a folder" },
        };

    [SkippableTheory]
    [MemberData(nameof(Others))]
    public async Task What_is_no_file_is_neither_waited_for_nor_read(string kind, string expected)
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no such things in folders.");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        var path = Make(kind, socket);
        Action[] readings =
        [
            () => WeightFiles.Open(path).Dispose(),
            () => GraphFiles.Read(path),
            () => GraphFiles.FormatOf(path, default),
            () => OnnxModel.Read(path),
            () => Npy.Read(path),
            () => NpzFile.Open(path).Dispose(),
        ];
        foreach (var reading in readings)
        {
            var fault = await Assert.ThrowsAsync<ModelFormatException>(() =>
                Task.Run(reading).WaitAsync(Patience.Limit)
            );
            Assert.StartsWith(
                $"{path}: expected a regular file, got {expected}",
                fault.Message,
                StringComparison.Ordinal
            );
        }
    }

    [Fact]
    public void A_link_to_a_file_is_that_file()
    {
        var file = _folder.Write("file", "words");
        var link = _folder.PathOf("link");
        File.CreateSymbolicLink(link, file);

        using var stream = ModelFile.Open(link);

        Assert.Equal(5, stream.Length);
    }

    [Fact]
    public void A_file_without_bytes_is_a_file()
    {
        using var stream = ModelFile.Open(_folder.Write("file", ""));
        Assert.Equal(0, stream.Length);
    }

    [Fact]
    public void A_link_that_leads_nowhere_is_a_missing_file()
    {
        var link = _folder.PathOf("link");
        File.CreateSymbolicLink(link, _folder.PathOf("missing"));
        Assert.Throws<FileNotFoundException>(() => ModelFile.Open(link));
    }

    [Fact]
    public void A_link_that_leads_back_to_itself_is_called_so()
    {
        File.CreateSymbolicLink(_folder.PathOf("a"), _folder.PathOf("b"));
        File.CreateSymbolicLink(_folder.PathOf("b"), _folder.PathOf("a"));
        var fault = Assert.Throws<ModelFormatException>(() => ModelFile.Open(_folder.PathOf("a")));
        Assert.Contains("a link that leads back to itself", fault.Message, StringComparison.Ordinal);
        Assert.Contains("a: expected a regular file", fault.Message, StringComparison.Ordinal);
    }

    private string Make(string kind, Socket socket)
    {
        switch (kind)
        {
            case "pipe":
                return _folder.MakePipe(kind);
            case "link to a pipe":
                return Link(kind, _folder.MakePipe("pipe"));
            case "socket":
                socket.Bind(new UnixDomainSocketEndPoint(_folder.PathOf(kind)));
                return _folder.PathOf(kind);
            case "link to a folder":
                return Link(kind, _folder.Folder);
            case "folder":
                return _folder.Folder;
            default:
                return kind;
        }
    }

    private string Link(string name, string target)
    {
        File.CreateSymbolicLink(_folder.PathOf(name), target);
        return _folder.PathOf(name);
    }
}
