using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Weights;
using ILGpuMobileNet.Reference;

namespace ILGpuMobileNet.Network.Tests.TensorFlow;

/// <summary>Topologies of layers models with one thing changed: read, or refused with the file's name.</summary>
public sealed class KerasTopologyFuzzTests : IDisposable
{
    private const int MutantCount = 3000;

    private static readonly string[] _tokens =
    [
        "null",
        "true",
        "-1",
        "0",
        "1e300",
        "9223372036854775807",
        "[]",
        "{}",
        "\"\"",
        "\"\\ud800\"",
        "[[1,2]]",
        "[\"a\",0,0]",
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_changed_topology_is_read_or_refused()
    {
        var good = TensorFlowGolden.PathOf("layers_uint8", "model.json");
        foreach (var file in Directory.EnumerateFiles(Path.GetDirectoryName(good)!))
        {
            File.Copy(file, _folder.PathOf(Path.GetFileName(file)));
        }
        var text = File.ReadAllText(good);
        var random = new Random(1);
        var (readCount, refusedCount) = (0, 0);
        for (var mutant = 0; mutant < MutantCount; mutant++)
        {
            File.WriteAllText(_folder.PathOf("model.json"), Changed(text, random));
            try
            {
                using var file = WeightFiles.Open(_folder.PathOf("model.json"));
                _ = file.ReadComputation(Extent.Square(32), default);
                readCount++;
            }
            catch (ModelFormatException fault)
            {
                Assert.Contains("model.json", fault.Message, StringComparison.Ordinal);
                refusedCount++;
            }
        }
        Assert.InRange(readCount, MutantCount / 20, MutantCount);
        Assert.InRange(refusedCount, MutantCount / 20, MutantCount);
    }

    // A value of the topology becomes another one.
    private static string Changed(string text, Random random)
    {
        var end = text.IndexOf("weightsManifest", StringComparison.Ordinal);
        var start = text.IndexOf("modelTopology", StringComparison.Ordinal);
        (start, end) = start < end ? (start, end) : (start, text.Length);
        var place = text.IndexOf(':', random.Next(start, end - 1));
        if (place < 0 || place >= end)
        {
            return text;
        }
        var stop = text.IndexOfAny([',', '}', ']'], place);
        return string.Concat(text.AsSpan(0, place + 1), _tokens[random.Next(_tokens.Length)], text.AsSpan(stop));
    }
}
