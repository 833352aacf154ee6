using System.Text;
using ILGpuMobileNet.Network.Onnx;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Network.Tests.Weights;

public class FileSignatureTests
{
    public static TheoryData<byte[], string> Mistakes =>
        new()
        {
            { [], "an empty file" },
            { Encoding.ASCII.GetBytes("just some words, nothing else in here"), "a text file" },
            { Encoding.ASCII.GetBytes("<!DOCTYPE html><html><body>404 not found"), "an HTML page" },
            { Encoding.ASCII.GetBytes("\n<html><head><title>Sign in</title>"), "an HTML page" },
            { Encoding.ASCII.GetBytes("version https://git-lfs.github.com/spec/v1\noid sha256:0"), "git lfs pull" },
            { [0x1F, 0x8B, 8, .. new byte[60]], "gzip" },
            { [.. "7z"u8, 0xBC, 0xAF, 0x27, 0x1C, .. new byte[26]], "a 7z archive; unpack it first" },
            { [0xFD, .. "7zXZ"u8, 0, .. new byte[26]], "an xz archive" },
            { [.. "BZh9"u8, .. new byte[26]], "a bzip2 archive" },
            { [0x28, 0xB5, 0x2F, 0xFD, .. new byte[26]], "a zstd archive" },
            { [.. "Rar!"u8, 0x1A, 7, .. new byte[26]], "a rar archive" },
            { Encoding.UTF8.GetBytes("\uFEFF<!DOCTYPE html><html><body>404 not found"), "an HTML page" },
            { Encoding.ASCII.GetBytes("<?xml version='1.0'?><Error><Code>AccessDenied</Code>"), "an XML document" },
            { [0x89, .. "HDF\r\n"u8, 0x1A, 0x0A, .. new byte[60]], "Keras" },
            { [28, 0, 0, 0, .. "TFL3"u8, .. new byte[60]], "TensorFlow Lite" },
            { [.. "storages"u8, .. new byte[249], .. "ustar"u8, .. new byte[250]], "torch.save(torch.load('in.pth'" },
            { Encoding.Unicode.GetBytes("\uFEFF{\"weightsManifest\": []}"), "a text in UTF-16; save it in UTF-8" },
            { Encoding.BigEndianUnicode.GetBytes("\uFEFF[]"), "a text in UTF-16; save it in UTF-8" },
        };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_file_given_by_mistake_is_called_what_it_looks_like(byte[] content, string expected)
    {
        Assert.All(
            new Action<string>[]
            {
                path => WeightFiles.Open(path).Dispose(),
                path => Npy.Read(path),
                path => OnnxModel.Read(path),
            },
            read => AssertMistake(content, expected, read)
        );
    }

    public static TheoryData<byte[], string> Weights =>
        new()
        {
            { [.. "PK\u0003\u0004"u8, .. new byte[60]], "PyTorch" },
            { [0x80, 0x02, .. new byte[60]], "Python pickle" },
            { "cos\nsystem\n(S'a'\ntR."u8.ToArray(), "Python pickle" },
            { "ccollections\nOrderedDict\np0\n(tRp1\n"u8.ToArray(), "Python pickle" },
            { "ccollections\nOrderedDict\nq\0)Rq\u0001"u8.ToArray(), "Python pickle" },
            { "ccollections\nOrderedDict\n)R"u8.ToArray(), "Python pickle" },
            { "(dp0\nVa\np1\n"u8.ToArray(), "Python pickle" },
            { "(dp1\nS'a'\np2\n"u8.ToArray(), "Python pickle" },
            { "}q\u0001(U\u0001aq\u0002"u8.ToArray(), "Python pickle" },
            { "cat\ndog\nparrot\n"u8.ToArray(), "a text file" },
            { WeightGoldens.Content("legacy.pth"), "torch.save" },
        };

    [Theory]
    [MemberData(nameof(Weights))]
    public void Weights_given_as_something_else_are_called_so(byte[] content, string expected)
    {
        AssertMistake(content, expected, path => Npy.Read(path));
        AssertMistake(content, expected, path => OnnxModel.Read(path));
    }

    [Fact]
    public void PyTorch_files_of_before_version_1_6_are_refused_with_the_remedy() =>
        AssertMistake(
            WeightGoldens.Content("legacy.pth"),
            "torch.save(torch.load('in.pth', map_location='cpu'), 'out.pth')",
            path => WeightFiles.Open(path).Dispose()
        );

    public static TheoryData<byte[], string> Unread =>
        new()
        {
            { WeightGoldens.Content("legacy.pth"), "of before version 1.6; save it again" },
            { [0x89, .. "HDF\r\n"u8, 0x1A, 0x0A, .. new byte[60]], "an HDF5 file" },
            { ZipWriter.Archive(("metadata.json", "{}"u8.ToArray())), "a Keras file" },
            { [.. "PK\u0005\u0006"u8, .. new byte[18]], "a zip archive with nothing in it" },
            { Encoding.ASCII.GetBytes("just some words"), "a text file" },
            { [], "an empty file" },
        };

    [Theory]
    [MemberData(nameof(Unread))]
    public void Where_no_kind_was_asked_for_none_is_expected(byte[] content, string expected)
    {
        string[] parts = [expected, "expected a model or a file of weights, but this looks like"];
        foreach (var part in parts)
        {
            AssertMistake(content, part, path => GraphFiles.Read(path));
            AssertMistake(content, part, path => GraphFiles.ReadGraph(path, null, default));
            AssertMistake(content, part, path => GraphFiles.List(path, default));
        }
        using var file = new TemporaryFile(content);
        Assert.Null(GraphFiles.FormatOf(file.Path, default));
    }

    [Fact]
    public void Keras_files_are_refused_with_the_ways_there_are() =>
        Assert.All(
            new byte[][]
            {
                [0x89, .. "HDF\r\n"u8, 0x1A, 0x0A, .. new byte[60]],
                ZipWriter.Archive(("metadata.json", []), ("config.json", []), ("model.weights.h5", [])),
            },
            content =>
                Assert.All(
                    new[] { "as safetensors", "tensorflowjs_converter or tf2onnx" },
                    expected => AssertMistake(content, expected, path => WeightFiles.Open(path).Dispose())
                )
        );

    [Fact]
    public void A_safetensors_file_given_as_ONNX_is_called_so() =>
        AssertMistake(
            [40, 0, 0, 0, 0, 0, 0, 0, .. "{\"a\":{\"dtype\""u8],
            "a safetensors file",
            path => OnnxModel.Read(path)
        );

    [Theory]
    [InlineData("[]", "the header is StartArray, expected StartObject")]
    [InlineData("\uFEFF{}", "is an invalid start of a")]
    [InlineData("/* a */ {}", "'/' is an invalid start of a")]
    public void A_safetensors_file_with_something_else_than_an_object_is_called_so(string header, string expected)
    {
        var text = Encoding.UTF8.GetBytes(header);
        byte[] content = [(byte)text.Length, 0, 0, 0, 0, 0, 0, 0, .. text];
        AssertMistake(content, expected, path => WeightFiles.Open(path).Dispose());
        AssertMistake(content, "a safetensors file", path => GraphFiles.Read(path));
    }

    [Fact]
    public void A_file_of_no_format_is_called_so_with_those_there_are()
    {
        byte[] content = [0x7F, .. "ELF"u8, 2, 1, 1, .. new byte[60]];
        Action<string>[] readings =
        [
            path => GraphFiles.Read(path),
            path => OnnxModel.Read(path),
            path => WeightFiles.Open(path).Dispose(),
        ];
        foreach (var read in readings)
        {
            AssertMistake(content, "of no known format", read);
            AssertMistake(content, "safetensors, PyTorch's .pth, Paddle's .pdparams, TensorFlow.js", read);
        }
    }

    [Fact]
    public void An_npy_file_given_as_safetensors_is_called_so() =>
        AssertMistake(
            [0x93, .. "NUMPY"u8, 1, 0, 118, 0, .. "{'descr'"u8],
            "a NumPy .npy file",
            path => WeightFiles.Open(path).Dispose()
        );

    private static void AssertMistake(byte[] content, string expected, Action<string> read)
    {
        using var file = new TemporaryFile(content);
        var fault = Assert.Throws<ModelFormatException>(() => read(file.Path));
        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
        Assert.StartsWith(file.Path, fault.Message, StringComparison.Ordinal);
    }
}
