using System.Diagnostics;
using ILGpuMobileNet.Network.Weights;
using ILGpuMobileNet.Reference;

namespace ILGpuMobileNet.Host.Tests.Classification;

/// <summary>ONNX Runtime in node, as eng/setup-peers installs it: the second opinion on scores.</summary>
internal static class OnnxRuntimePeer
{
    public const string Missing = "node with ONNX Runtime is not there; run eng/setup-peers.";

    public static bool IsInstalled =>
        Directory.Exists(Repository.PathOf("artifacts", "peers", "node_modules", "onnxruntime-node"))
        && (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .Any(folder => File.Exists(Path.Combine(folder, "node")));

    /// <summary>The model's output for each input file.</summary>
    public static IReadOnlyList<Tensor> Run(string model, IReadOnlyList<string> inputs)
    {
        var start = new ProcessStartInfo("node", [Repository.PathOf("eng", "onnxruntime-run.js"), model])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        using var node = Process.Start(start)!;
        foreach (var input in inputs)
        {
            node.StandardInput.WriteLine($$"""{"input": "{{input}}", "output": "{{input}}.out"}""");
        }
        node.StandardInput.Close();
        var replies = node.StandardOutput.ReadToEnd();
        node.WaitForExit();
        Assert.DoesNotContain("error", replies, StringComparison.Ordinal);
        return [.. inputs.Select(input => Npy.Read(input + ".out"))];
    }
}
